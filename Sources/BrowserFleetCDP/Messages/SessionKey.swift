// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Chromium's name of a session, 32 upper-case hexadecimal digits, as the 128 bits it stands for.
///
/// Chromium compares session names as text, so only this one spelling is a session's name.
struct SessionKey: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    /// How many digits a name has.
    static let length = 32

    /// Reads the name that starts at `start`; nil if there are not 32 upper-case digits.
    @inline(__always)
    init?(_ text: borrowing Span<UInt8>, at start: Int) {
        guard start >= 0, start + Self.length <= text.count,
            let high = Self.half(text, at: start), let low = Self.half(text, at: start + 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    /// Reads a whole name.
    init?(_ name: String) {
        let bytes = Array(name.utf8)
        guard bytes.count == Self.length else { return nil }
        self.init(bytes.span, at: 0)
    }

    @inline(__always)
    private static func half(_ text: borrowing Span<UInt8>, at start: Int) -> UInt64? {
        var value: UInt64 = 0
        var wrong: UInt8 = 0
        for index in start..<start + 16 {
            let digit = digits[Int(text[index])]
            wrong |= digit
            value = value << 4 | UInt64(digit & 15)
        }
        return wrong < 16 ? value : nil
    }

    private static let digits: [UInt8] = (0...255).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte) - 0x30
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt8(byte) - 0x37
        default: 0xFF
        }
    }

    // The names are random numbers, so half of one is hash enough.
    func hash(into hasher: inout Hasher) {
        hasher.combine(low)
    }

    /// The name as Chromium spells it.
    var name: String {
        String(decoding: bytes, as: UTF8.self)
    }

    private var bytes: [UInt8] {
        [high, low].flatMap { half in
            (0..<16).map { place in
                let nibble = UInt8(half >> UInt64(60 - 4 * place) & 15)
                return nibble < 10 ? nibble + 0x30 : nibble + 0x37
            }
        }
    }
}
