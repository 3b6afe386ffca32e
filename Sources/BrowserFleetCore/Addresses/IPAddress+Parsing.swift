// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension IPAddress {
    /// Reads a literal: dotted decimal with four parts and no leading zeros, or any form of
    /// RFC 4291 section 2.2 without brackets and without a scope.
    ///
    /// Shorter, octal and hexadecimal spellings of IPv4 are not literals here: they go to the
    /// resolver, and what it makes of them is judged.
    public init?(_ text: some StringProtocol) {
        if let bits = Self.dottedDecimal(text) {
            self = .v4(bits)
        } else if let bits = Self.colonHexadecimal(text) {
            self = .v6(bits)
        } else {
            return nil
        }
    }

    private static func dottedDecimal(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let octet = decimalOctet(part) else { return nil }
            bits = bits << 8 | octet
        }
        return bits
    }

    private static func decimalOctet(_ part: some StringProtocol) -> UInt32? {
        guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39) ~= $0 }),
            part.utf8.count == 1 || part.utf8.first != 0x30, let octet = UInt8(part)
        else { return nil }
        return UInt32(octet)
    }

    private static func colonHexadecimal(_ text: some StringProtocol) -> UInt128? {
        guard text.utf8.count <= 45, text.contains(":") else { return nil }
        let halves = split(text)
        guard let head = groups(of: halves.head, allowingDotted: halves.tail == nil) else {
            return nil
        }
        guard let tailText = halves.tail else {
            return head.count == 8 ? number(from: head) : nil
        }
        guard let tail = groups(of: tailText, allowingDotted: true), head.count + tail.count <= 7
        else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
        return number(from: head + zeros + tail)
    }

    /// The text before and after the first `::`; no tail if there is none. A second `::` stays in
    /// the tail and fails there as an empty group.
    private static func split(_ text: some StringProtocol) -> (head: String, tail: String?) {
        let characters = Array(text.utf8)
        for index in characters.indices.dropLast()
        where characters[index] == 0x3a && characters[index + 1] == 0x3a {
            let head = String(decoding: characters[..<index], as: UTF8.self)
            return (head, String(decoding: characters[(index + 2)...], as: UTF8.self))
        }
        return (String(text), nil)
    }

    private static func groups(of text: String, allowingDotted: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if allowingDotted, index == parts.count - 1, let bits = dottedDecimal(part) {
                groups.append(UInt16(truncatingIfNeeded: bits >> 16))
                groups.append(UInt16(truncatingIfNeeded: bits))
            } else {
                guard let group = hexadecimalGroup(part) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func hexadecimalGroup(_ part: some StringProtocol) -> UInt16? {
        guard (1...4).contains(part.utf8.count), part.utf8.first != 0x2b else { return nil }
        return UInt16(part, radix: 16)
    }

    private static func number(from groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}
