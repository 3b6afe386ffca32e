// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// What of a message's header a proxy passes on (RFC 9110 section 7.6.1), and how the body that
/// follows is framed anew.
///
/// Nothing is added that would tell a server of a proxy: no `Via`, no `Forwarded`.
enum HopByHop {
    /// How a message's body is delimited.
    enum Framing: Equatable {
        /// `Content-Length`.
        case counted
        /// `Transfer-Encoding: chunked`.
        case chunked
        /// No field says; a request then has no body, a response ends with its connection.
        case unmarked
    }

    /// The framing of a message; nil if it is coded in a way that cannot be framed anew.
    static func framing(of headers: HTTPHeaders) -> Framing? {
        let codings = headers[canonicalForm: "transfer-encoding"]
        guard codings.isEmpty else {
            return codings.count == 1 && codings[0].lowercased() == "chunked" ? .chunked : nil
        }
        let lengths = headers["content-length"]
        guard lengths.count < 2 else { return nil }
        return lengths.isEmpty ? .unmarked : .counted
    }

    /// `headers` without what belongs to one hop, including what `Connection` nominates. Framing
    /// and `Host` cannot be nominated away.
    static func strip(_ headers: HTTPHeaders) -> HTTPHeaders {
        let nominated = Set(
            ["connection", "proxy-connection"].flatMap { headers[canonicalForm: $0] }
                .map { $0.lowercased() }
        ).subtracting(["host", "content-length", "transfer-encoding"])
        var kept = HTTPHeaders()
        kept.reserveCapacity(headers.count)
        for (name, value) in headers {
            let lowercased = name.lowercased()
            guard !hopFields.contains(lowercased), !nominated.contains(lowercased) else { continue }
            kept.add(name: name, value: value)
        }
        return kept
    }

    /// Puts the field for `framing` in place of any other framing field.
    static func frame(_ headers: inout HTTPHeaders, as framing: Framing) {
        if framing != .counted { headers.remove(name: "content-length") }
        headers.remove(name: "transfer-encoding")
        if framing == .chunked { headers.add(name: "Transfer-Encoding", value: "chunked") }
    }

    private static let hopFields: Set<String> = [
        "connection", "proxy-connection", "keep-alive", "te", "trailer", "upgrade",
        "proxy-authorization", "proxy-authenticate", "proxy-authentication-info",
    ]
}
