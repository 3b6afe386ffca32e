// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// Heads of messages as they go on to the next connection.
enum ForwardedHead {
    /// Makes the head that a server gets.
    ///
    /// - Parameters:
    ///   - head: the client's, of a request that is well framed: one length at most.
    ///   - client: who asks.
    ///   - authority: what the server is called.
    ///   - sign: says to the server who asks.
    /// - Returns: the head.
    static func request(
        _ head: HTTPRequestHead, from client: ForwardedClient, to authority: String,
        sign: ForwardSigning
    ) -> HTTPRequestHead {
        var headers = ForwardedFields.ofRequest(head.headers)
        headers.add(name: "host", value: authority)
        if head.isChunked { headers.add(name: "transfer-encoding", value: "chunked") }
        if head.isUpgrade {
            headers.add(name: "connection", value: "upgrade")
            headers.add(name: "upgrade", value: "websocket")
        }
        headers.add(name: "x-request-id", value: client.requestID)
        let signed = sign(
            head.method.rawValue, head.uri, client.address, head.headers.first(name: "host"),
            client.isSecure ? "https" : "http")
        for (name, value) in signed { headers.add(name: name, value: value) }
        return HTTPRequestHead(
            version: .http1_1, method: head.method, uri: head.uri, headers: headers)
    }

    /// Whether the client's connection has to end with an answer: because the client said so, or
    /// because it could not tell otherwise where a body of unknown length ends.
    static func endsConnection(_ head: HTTPResponseHead, to request: HTTPRequestHead) -> Bool {
        guard request.isKeepAlive else { return true }
        return !head.headers.contains(name: "content-length") && head.status.mayHaveResponseBody
            && (request.method == .HEAD || request.version != .http1_1)
    }

    /// Makes the head that a client gets.
    ///
    /// - Parameters:
    ///   - head: the server's.
    ///   - request: what the client asked.
    ///   - isLast: whether the client's connection ends with the answer.
    /// - Returns: the head.
    static func answer(
        _ head: HTTPResponseHead, to request: HTTPRequestHead, isLast: Bool
    ) -> HTTPResponseHead {
        var headers = ForwardedFields.ofAnswer(head.headers)
        if isLast { headers.add(name: "connection", value: "close") }
        return HTTPResponseHead(
            version: request.version == .http1_0 ? .http1_0 : .http1_1, status: head.status,
            headers: headers)
    }
}

extension HTTPRequestHead {
    /// Whether the body comes in chunks.
    var isChunked: Bool { headers.contains(name: "transfer-encoding") }

    /// Whether it asks for a WebSocket; other upgrades do not come this far.
    var isUpgrade: Bool { headers.contains(name: "upgrade") }

    /// Whether it may be sent a second time when the first met a connection that was just closed:
    /// its effect is the same (RFC 9110 section 9.2.2), and there is no body that is gone.
    var isRepeatable: Bool {
        switch method {
        case .GET, .HEAD, .OPTIONS, .DELETE: !isChunked && (contentLength ?? 0) == 0
        case _: false
        }
    }

    private var contentLength: Int? { headers.first(name: "content-length").flatMap { Int($0) } }
}
