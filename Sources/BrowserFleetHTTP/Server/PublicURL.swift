// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where clients reach the server: scheme and authority, and a path in front of ours.
struct PublicURL: Hashable, Sendable {
    /// Whether the way in is TLS.
    var isSecure: Bool
    /// Host, and port where it is not the usual one.
    var authority: String
    /// Empty, or a path that begins with a slash and does not end with one.
    var prefix: String

    init(isSecure: Bool, authority: String, prefix: String = "") {
        self.isSecure = isSecure
        self.authority = authority
        self.prefix = prefix
    }

    /// Reads `http://host`, `https://host:port/prefix` and the like; `nil` for anything else.
    init?(_ text: String) {
        let lowered = text.lowercased()
        let scheme = ["https://", "http://"].first { lowered.hasPrefix($0) }
        guard let scheme else { return nil }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = String(rest[..<end])
        guard HostRules.name(of: authority) != nil else { return nil }
        var prefix = String(rest[end...])
        while prefix.hasSuffix("/") { prefix.removeLast() }
        guard !prefix.contains(where: { $0 == "?" || $0 == "#" }) else { return nil }
        self.init(isSecure: scheme == "https://", authority: authority, prefix: prefix)
    }

    /// The path in front of ours, as it is said to other servers; `nil` for none.
    var signedPrefix: String? { prefix.isEmpty ? nil : prefix }

    /// The URL of a socket below ours.
    func socket(_ path: String) -> String {
        "\(isSecure ? "wss" : "ws")://\(authority)\(prefix)\(path)"
    }
}
