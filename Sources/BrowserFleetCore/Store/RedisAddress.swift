// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where a Redis server is and how it is entered: `redis://[user[:password]@]host[:port][/db]`.
public struct RedisAddress: Hashable, Sendable {
    /// A DNS name or an address; an IPv6 address without brackets.
    public let host: String
    /// The TCP port; 6379 if the address has none.
    public let port: UInt16
    /// Whether it is spoken to over TLS, with its certificate checked.
    public let usesTLS: Bool
    /// The user of its access list; `nil` for the default one.
    public let user: String?
    /// A secret; ``description`` leaves it out.
    public let password: String?
    /// The number of the database.
    public let database: Int

    /// Reads what stands behind `redis:`.
    init(_ text: some StringProtocol, usesTLS: Bool, password: String?) throws(StoreAddressError) {
        guard text.hasPrefix("//") else { throw StoreAddressError(Self.form) }
        let all = Substring(text.dropFirst(2))
        guard !all.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw StoreAddressError("an address of Redis has no query; \(Self.form)")
        }
        let at = all.lastIndex(of: "@")
        let place = at.map { all[all.index(after: $0)...] } ?? all
        let entry = try Self.credentials(at.map { all[..<$0] })
        self.user = entry.user
        self.password = entry.password ?? password
        self.usesTLS = usesTLS
        let slash = place.firstIndex(of: "/") ?? place.endIndex
        (host, port) = try Self.hostAndPort(place[..<slash])
        database = try Self.database(place[slash...].dropFirst())
    }

    private static let form = "write redis://:password@host:6379/0"

    private static func credentials(
        _ text: Substring?
    ) throws(StoreAddressError) -> (user: String?, password: String?) {
        guard let text else { return (nil, nil) }
        let colon = text.firstIndex(of: ":")
        guard let user = decoded(text[..<(colon ?? text.endIndex)]),
            let password = decoded(colon.map { text[text.index(after: $0)...] } ?? "")
        else { throw StoreAddressError("write % as %25 in a password; \(form)") }
        // `redis://secret@host` is how some say a password alone.
        if colon == nil { return (nil, user) }
        return (user.isEmpty || user == "default" ? nil : user, password.isEmpty ? nil : password)
    }

    private static func hostAndPort(
        _ text: Substring
    ) throws(StoreAddressError) -> (String, UInt16) {
        var host = text
        var port: Substring?
        if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<close]
            let behind = text[text.index(after: close)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { throw StoreAddressError(form) }
            port = behind.isEmpty ? nil : behind.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace) else {
            throw StoreAddressError("the host is missing; \(form)")
        }
        guard let port else { return (String(host), 6379) }
        guard port.utf8.allSatisfy(ASCII.isDigit), let number = UInt16(port), number > 0 else {
            throw StoreAddressError("the port is 1 to 65535; \(form)")
        }
        return (String(host), number)
    }

    private static func database(_ text: Substring) throws(StoreAddressError) -> Int {
        guard !text.isEmpty else { return 0 }
        guard text.utf8.count <= 6, text.utf8.allSatisfy(ASCII.isDigit), let number = Int(text)
        else { throw StoreAddressError("behind the slash is the number of a database; \(form)") }
        return number
    }

    // Percent signs and two hexadecimal digits; `nil` where something else follows a sign.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy(isHexadecimal),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}

extension RedisAddress: CustomStringConvertible {
    /// The address without user and password, for logs.
    public var description: String {
        let shownHost = host.utf8.contains(ASCII.colon) ? "[\(host)]" : host
        return "\(usesTLS ? "rediss" : "redis")://\(shownHost):\(port)/\(database)"
    }
}
