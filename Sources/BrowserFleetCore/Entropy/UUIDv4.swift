// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A random UUID (RFC 9562, version 4): 122 random bits.
public struct UUIDv4: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Draws two words from `generator`, the first for the front half.
    public init(using generator: inout some RandomNumberGenerator) {
        self.init(high: generator.next(), low: generator.next())
    }

    /// Takes 128 bits and overwrites the six that say "version 4" and "RFC variant".
    init(high: UInt64, low: UInt64) {
        self.high = high & 0xffff_ffff_ffff_0fff | 0x4000
        self.low = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    }
}

extension UUIDv4: CustomStringConvertible {
    /// 36 characters in lower case, such as `a1b2c3d4-e5f6-4789-a012-3456789abcde`.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                text.append(ASCII.hyphen)
            }
            let word = nibble < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (nibble % 16))) & 0xf
            text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension UUIDv4 {
    /// Reads the 36 characters, in lower or upper case; `nil` for anything else, other versions of
    /// UUIDs among it.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        var words: [UInt64] = [0, 0]
        var nibble = 0
        for (index, byte) in bytes.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == ASCII.hyphen else { return nil }
                continue
            }
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            words[nibble / 16] = words[nibble / 16] << 4 | UInt64(digit)
            nibble += 1
        }
        self.init(high: words[0], low: words[1])
        guard high == words[0], low == words[1] else { return nil }
    }
}
