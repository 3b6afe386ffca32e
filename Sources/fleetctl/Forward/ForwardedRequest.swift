// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The head of a request to a forwarded port: what is asked, and what goes on to the fleet.
struct ForwardedRequest: Equatable {
    /// What a path means.
    enum Route: Equatable {
        /// A discovery document of the browser, by its path below the browser's.
        case discovery(String)
        /// A WebSocket, by its path at the fleet.
        case socket(String)
        /// Refused, with a status and a word.
        case refused(Int, String)
    }

    /// The method and what stands behind it.
    var method: String
    /// The path with its query.
    var target: String
    /// Names in lower case, in their order.
    var headers: [(name: String, value: String)]

    static func == (left: ForwardedRequest, right: ForwardedRequest) -> Bool {
        left.head == right.head
    }

    /// The most bytes a head may have.
    static let longestHead = 16 << 10

    /// Reads the head of an HTTP/1.1 request, without the empty line at its end.
    init?(head: String) {
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
        let words = lines.popFirst()?.split(separator: " ") ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/") else {
            return nil
        }
        method = String(words[0])
        target = String(words[1])
        headers = []
        for line in lines where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
            headers.append(
                (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingSpaces))
        }
    }

    /// The value of a header; `nil` if there is none.
    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// Where the request goes, for the browser `id`.
    func route(to id: String) -> Route {
        // As Chromium does: a page must not reach the port, neither by its own address nor by a
        // name that was bent to this machine.
        if header("origin")?.hasPrefix("http") == true { return .refused(403, "origin") }
        guard isLocalHost else { return .refused(403, "host") }
        let path = target.prefix { $0 != "?" }
        let trimmed = path.hasSuffix("/") ? path.dropLast() : path
        if header("upgrade")?.lowercased() == "websocket" {
            if trimmed.hasPrefix("/devtools/page/") { return .socket("/browsers/\(id)\(trimmed)") }
            if trimmed.hasPrefix("/devtools/browser") { return .socket("/browsers/\(id)") }
            return .refused(404, "path")
        }
        switch trimmed {
        case "/json", "/json/list": return .discovery("json/list")
        case "/json/version": return .discovery("json/version")
        case "/json/protocol": return .discovery("json/protocol")
        case _: return .refused(404, "path")
        }
    }

    private var isLocalHost: Bool {
        let host = (header("host") ?? "").lowercased()
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } : host.prefix { $0 != ":" }
        return name == "localhost" || name == "[::1" || name.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// This request as it goes on to `path` at the fleet, with the `key` that shows who asks.
    func forwarded(to path: String, host: String, key: String?) -> ForwardedRequest {
        var copy = self
        copy.target = path
        let replaced = ["host", "origin", "x-api-key", "authorization"]
        copy.headers.removeAll { replaced.contains($0.name) }
        copy.headers.insert(("host", host), at: 0)
        if let key { copy.headers.append(("x-api-key", key)) }
        return copy
    }

    /// The head as it goes over the wire, with the empty line at its end.
    var head: String {
        let lines = ["\(method) \(target) HTTP/1.1"] + headers.map { "\($0.name): \($0.value)" }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}
