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
