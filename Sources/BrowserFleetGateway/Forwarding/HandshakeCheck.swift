// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whether an answer makes a WebSocket of a connection (RFC 6455 section 4.1).
enum HandshakeCheck {
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Judges an answer with status 101 to the handshake `request`.
    static func isValid(_ answer: HTTPResponseHead, to request: HTTPRequestHead) -> Bool {
        guard let key = request.headers.first(name: "sec-websocket-key") else { return false }
        let accepts = answer.headers["sec-websocket-accept"]
        return accepts == [accept(key)]
            && answer.headers[canonicalForm: "upgrade"].map { $0.lowercased() } == ["websocket"]
            && answer.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    /// The value of `Sec-WebSocket-Accept` for a client's key.
    static func accept(_ key: String) -> String {
        Data(Insecure.SHA1.hash(data: Array((key + suffix).utf8))).base64EncodedString()
    }

    /// The head of the answer as the client gets it.
    static func answer(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var headers = ForwardedFields.ofAnswer(head.headers)
        headers.add(name: "connection", value: "upgrade")
        headers.add(name: "upgrade", value: "websocket")
        return HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
    }
}
