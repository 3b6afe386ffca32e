// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// Which header fields of a message go on to the next connection.
enum ForwardedFields {
    /// Fields of one connection only (RFC 9110 section 7.6.1), in lower case.
    private static let hopByHop = [
        "te", "trailer", "upgrade", "connection", "keep-alive", "proxy-connection",
        "proxy-authenticate", "proxy-authorization", "proxy-authentication-info",
        "transfer-encoding",
    ]

    /// What only a gateway may say to a server, besides all that begins with the internal prefix.
    private static let gatewayOnly = [
        "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
        "x-forwarded-port", "x-real-ip",
    ]

    /// What must not come as a trailer (RFC 9110 section 6.5.1).
    private static let headOnly = [
        "host", "content-length", "content-type", "content-encoding", "content-range",
        "authorization", "cookie", "x-api-key", "expect", "range", "cache-control",
    ]

    private static let internalPrefix = "x-fleet-"

    /// The fields of a request that a server gets, without those that say how it is framed.
    static func ofRequest(_ headers: HTTPHeaders) -> HTTPHeaders {
        filtered(headers) { name in
            isOneOf(hopByHop, name) || isOneOf(gatewayOnly, name) || hasInternalPrefix(name)
                || isOneOf(["host", "expect", "x-request-id"], name)
        }
    }

    /// The fields of an answer that a client gets, without those that say how it is framed.
    static func ofAnswer(_ headers: HTTPHeaders) -> HTTPHeaders {
        filtered(headers) { isOneOf(hopByHop, $0) || hasInternalPrefix($0) }
    }

    /// The fields behind a body that go on.
    static func ofTrailers(_ trailers: HTTPHeaders) -> HTTPHeaders {
        filtered(trailers) { name in
            isOneOf(hopByHop, name) || isOneOf(gatewayOnly, name) || isOneOf(headOnly, name)
                || hasInternalPrefix(name)
        }
    }

    private static func filtered(
        _ headers: HTTPHeaders, without isDropped: (String) -> Bool
    ) -> HTTPHeaders {
        let named = namedByConnection(headers)
        var kept = HTTPHeaders()
        kept.reserveCapacity(headers.count + 6)
        for (name, value) in headers where !isDropped(name) {
            if named.isEmpty || !named.contains(where: { isEqual(name, $0) }) {
                kept.add(name: name, value: value)
            }
        }
        return kept
    }

    /// Fields that `Connection` makes ones of this connection; its usual words are no fields.
    private static func namedByConnection(_ headers: HTTPHeaders) -> [String] {
        var names: [String] = []
        for (name, value) in headers where isEqual(name, "connection") {
            if isOneOf(["keep-alive", "close", "upgrade"], value) { continue }
            for word in value.split(separator: ",") {
                let word = word.trimmed.lowercased()
                // A body goes on with the length that it came with, whatever a client says.
                if word != "content-length" { names.append(word) }
            }
        }
        return names
    }

    private static func isOneOf(_ names: [String], _ name: String) -> Bool {
        let count = name.utf8.count
        return names.contains { $0.utf8.count == count && isEqual(name, $0) }
    }

    private static func hasInternalPrefix(_ name: String) -> Bool {
        name.utf8.count > internalPrefix.utf8.count
            && zip(name.utf8, internalPrefix.utf8).allSatisfy { lowerCased($0) == $1 }
    }

    /// Whether a name is `lower`, which is in lower case.
    static func isEqual(_ name: String, _ lower: String) -> Bool {
        name.utf8.count == lower.utf8.count
            && zip(name.utf8, lower.utf8).allSatisfy { lowerCased($0) == $1 }
    }

    private static func lowerCased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}

extension Substring {
    /// Without blanks at its ends.
    fileprivate var trimmed: Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
