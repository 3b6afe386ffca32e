// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// `host`, `host:port`, `[v6]` or `[v6]:port` taken apart, before anything is judged.
struct HostAndPort {
    /// Without brackets.
    let host: String
    /// Nil if the text names none.
    let port: UInt16?

    /// Nil if the brackets do not pair, the host is empty, or the port is no number of 0 to 65,535.
    init?(_ text: some StringProtocol) {
        guard let (host, rest) = Self.split(text), !host.isEmpty else { return nil }
        guard !rest.isEmpty else {
            self.host = host
            port = nil
            return
        }
        guard rest.first == ":", let port = Self.decimal(rest.dropFirst()) else { return nil }
        self.host = host
        self.port = port
    }

    private static func split(_ text: some StringProtocol) -> (host: String, rest: String)? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            guard host.contains(":") else { return nil }
            return (host, String(text[text.index(after: end)...]))
        }
        guard let colon = text.firstIndex(of: ":") else { return (String(text), "") }
        return (String(text[..<colon]), String(text[colon...]))
    }

    private static func decimal(_ text: some StringProtocol) -> UInt16? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39) ~= $0 })
        else { return nil }
        return UInt16(text)
    }
}
