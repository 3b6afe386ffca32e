// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a request to a proxy asks for, read from its request line (RFC 9112 section 3.2).
enum ProxyRequestTarget: Equatable {
    /// CONNECT: bytes both ways.
    case tunnel(EgressTarget)
    /// Absolute form: one HTTP exchange with `target`, which is asked for `path`.
    case exchange(EgressTarget, path: String)

    /// Reads authority form for CONNECT.
    init?(connect uri: String) {
        guard let target = EgressTarget(authority: uri) else { return nil }
        self = .tunnel(target)
    }

    /// Reads absolute form with scheme `http`. Nothing else is proxied in plain text, and a URI
    /// with user information is refused as Chromium never sends one.
    init?(absolute uri: String, isOptions: Bool) {
        guard uri.prefix(7).lowercased() == "http://" else { return nil }
        let rest = uri.dropFirst(7)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard !rest[..<end].contains("@"),
            let target = EgressTarget(authority: rest[..<end], defaultPort: 80)
        else { return nil }
        let path = rest[end...].prefix { $0 != "#" }
        if path.isEmpty {
            self = .exchange(target, path: isOptions ? "*" : "/")
        } else {
            self = .exchange(target, path: path.first == "/" ? String(path) : "/" + path)
        }
    }
}
