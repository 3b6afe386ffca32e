// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// One plain HTTP request and its response, on their way through.
struct Exchange {
    /// Where the request goes.
    let target: EgressTarget
    /// What is asked for there, in origin form.
    let path: String
    /// The request's head as the browser sent it.
    let head: HTTPRequestHead
    /// How the request's body is delimited.
    let framing: HopByHop.Framing
    /// The whole request has been passed on.
    var isRequestOver = false
    /// The final response's head has been passed on.
    var isResponseBegun = false
    /// The outside will close, or has to be closed, after this response.
    var isRemoteSpent = false

    /// Whether the browser's connection ends with this exchange: it said so, or it hoped for an
    /// upgrade and has stopped speaking HTTP as far as its decoder knows.
    var isLast: Bool { !head.isKeepAlive || head.headers.contains(name: "upgrade") }

    /// The browser's side speaks HTTP/1.0, which knows neither chunks nor interim answers.
    var isOldBrowser: Bool { head.version == .http1_0 }

    /// The head as the outside gets it: origin form to a server, absolute form to a proxy.
    func outboundHead(through upstream: UpstreamProxy?) -> HTTPRequestHead {
        let authority = target.port == 80 ? bareHost : target.authority
        var headers = HTTPHeaders([("Host", authority)])
        headers.add(
            contentsOf: HopByHop.strip(head.headers).filter { $0.name.lowercased() != "host" })
        HopByHop.frame(&headers, as: framing)
        var uri = path
        if let upstream {
            uri = "http://\(authority)\(path == "*" ? "" : path)"
            if let credentials = upstream.credentials {
                headers.add(name: "Proxy-Authorization", value: credentials.authorization)
            }
        }
        return HTTPRequestHead(
            version: .http1_1, method: head.method, uri: uri, headers: headers)
    }

    /// The head as the browser gets it; nil if the response cannot be framed anew.
    func inboundHead(of response: HTTPResponseHead) -> HTTPResponseHead? {
        guard let framing = HopByHop.framing(of: response.headers) else { return nil }
        var headers = HopByHop.strip(response.headers)
        let hasBody = head.method != .HEAD && response.status.mayHaveResponseBody
        if !hasBody {
            headers.remove(name: "transfer-encoding")
        } else if framing != .counted {
            HopByHop.frame(&headers, as: isOldBrowser ? .unmarked : .chunked)
        }
        let isInterim = (100...199).contains(response.status.code)
        if endsConnection(hasBody: hasBody, framing: framing), !isInterim {
            headers.add(name: "Connection", value: "close")
        }
        return HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
    }

    /// A browser of HTTP/1.0 learns the end of an uncounted body only by the connection's end.
    private func endsConnection(hasBody: Bool, framing: HopByHop.Framing) -> Bool {
        isLast || (hasBody && framing != .counted && isOldBrowser)
    }

    private var bareHost: String { target.host.contains(":") ? "[\(target.host)]" : target.host }
}
