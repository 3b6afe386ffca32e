// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import NIOHTTP1

/// What the head of a request must be beyond what the parser checks: NIO's parser is strict on
/// framing and open on a missing or double `Host` and on odd transfer encodings.
enum RequestHeadRules {
    /// The most header fields of a request, and their bytes in all.
    static var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldCount = 100
        limits.maxHeaderListSize = 32 << 10
        limits.maxHeaderFieldSize = 16 << 10
        return limits
    }

    /// What is wrong with the head; `nil` if nothing is.
    static func problem(_ head: HTTPRequestHead) -> Problem? {
        let hosts = head.headers["host"]
        if hosts.count > 1 || (hosts.isEmpty && head.version != .http1_0) {
            return Problem(.malformedRequest, "A request has exactly one Host header.")
        }
        if let host = hosts.first, HostRules.name(of: host) == nil {
            return Problem(.malformedRequest, "The Host header is no host.")
        }
        let encodings = head.headers["transfer-encoding"]
        if !encodings.isEmpty {
            guard head.version == .http1_1 else {
                return Problem(.malformedRequest, "HTTP/1.0 has no Transfer-Encoding.")
            }
            guard encodings.count == 1, encodings[0].lowercased() == "chunked" else {
                return Problem(.malformedRequest, "The only Transfer-Encoding known is chunked.")
            }
            if head.headers.contains(name: "content-length") {
                return Problem(
                    .malformedRequest, "Content-Length and Transfer-Encoding exclude each other.")
            }
        }
        if head.method == .CONNECT {
            return Problem(.methodNotAllowed, "CONNECT is not served here.")
        }
        let isPath = head.uri.utf8.first == UInt8(ascii: "/") && !head.uri.utf8.contains(0x23)
        guard isPath || (head.uri == "*" && head.method == .OPTIONS) else {
            return Problem(.malformedRequest, "The request target must be a path.")
        }
        return nil
    }

    /// What the parser's verdict means for the client.
    static func problem(_ fault: HTTPParserError) -> Problem {
        fault == .headerOverflow
            ? Problem(.headersTooLarge, "The head of the request is too large.")
            : Problem(.malformedRequest, "The request is not HTTP/1.1: \(fault).")
    }

    /// Whether the head asks for a WebSocket.
    static func isWebSocketUpgrade(_ head: HTTPRequestHead) -> Bool {
        head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && wantsUpgrade(head)
    }

    /// Whether the parser takes the head for an upgrade, so that it reads nothing behind it.
    static func wantsUpgrade(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "upgrade")
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    /// What is wrong with the handshake of a WebSocket (RFC 6455 section 4.2.1).
    static func handshakeProblem(_ head: HTTPRequestHead) -> Problem? {
        if head.method != .GET || head.version == .http1_0 {
            return Problem(.malformedRequest, "A WebSocket begins with GET and HTTP/1.1.")
        }
        let versions = head.headers["sec-websocket-version"]
        guard versions == ["13"] else {
            return Problem(.upgradeRequired, "Sec-WebSocket-Version must be 13.")
        }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, isKey(keys[0]) else {
            return Problem(
                .malformedRequest, "Sec-WebSocket-Key must be 16 bytes in base64, once.")
        }
        let length = head.headers.first(name: "content-length")
        guard length == nil || length == "0", !head.headers.contains(name: "transfer-encoding")
        else { return Problem(.malformedRequest, "A WebSocket handshake has no body.") }
        return nil
    }

    private static func isKey(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 24, text.hasSuffix("==") else { return false }
        return bytes.dropLast(2).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }
}
