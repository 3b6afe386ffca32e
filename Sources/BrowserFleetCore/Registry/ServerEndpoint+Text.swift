// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension ServerEndpoint {
    /// Reads `http://host`, `https://host:port` or `https://[::1]:port`, with a slash behind it or
    /// none; `nil` for everything else, a path, a query or a user among it.
    public init?(_ text: some StringProtocol) {
        guard let (scheme, rest) = Self.scheme(of: Substring(text)) else { return nil }
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        let host: Substring
        let port: Substring
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<close]
            port = authority[authority.index(after: close)...]
            guard host.utf8.allSatisfy(Self.isAddressByte), host.contains(":") else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            port = authority[host.endIndex...]
            guard (try? ServerName(host)) != nil else { return nil }
        }
        guard port.isEmpty || port.hasPrefix(":") else { return nil }
        guard let number = port.isEmpty ? scheme.defaultPort : Self.port(port.dropFirst()) else {
            return nil
        }
        self.init(scheme: scheme, host: host.lowercased(), port: number)
    }

    private static func scheme(of text: Substring) -> (Scheme, Substring)? {
        for scheme in Scheme.allCases {
            let front = "\(scheme.rawValue)://"
            if text.lowercased().hasPrefix(front) { return (scheme, text.dropFirst(front.count)) }
        }
        return nil
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy(ASCII.isDigit), let port = UInt16(text), port > 0 else {
            return nil
        }
        return port
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || byte == ASCII.colon || byte == ASCII.dot
            || (0x61...0x66).contains(byte | 0x20)
    }
}
