// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Steps over JSON text without taking it apart: RFC 8259 to the letter, valid UTF-8 only.
///
/// Every function takes the offset of a token's first byte and returns the offset after its last,
/// or nil if the token is malformed. Time is linear, memory constant, nesting bounded, so nothing
/// here minds who wrote the text. Chromium is a little more lenient (it reads `1.0` as a call
/// id); what is refused here never gets to it, which is what the rules rely on.
public enum JSONText: Sendable {
    /// The deepest nesting that is accepted; Chromium stops at 300.
    static let maximumDepth = 250

    /// The offset of the first byte at or after `start` that is not white space.
    @inline(__always)
    static func skipSpace(_ text: borrowing Span<UInt8>, at start: Int) -> Int {
        var index = start
        while index < text.count, JSONByte.isSpace(text[index]) { index += 1 }
        return index
    }

    /// Steps over the string whose opening quote is at `start`.
    static func skipString(_ text: borrowing Span<UInt8>, at start: Int) -> Int? {
        guard start < text.count, text[start] == JSONByte.quote else { return nil }
        var index = start + 1
        while true {
            index = PlainRun.end(text, from: index)
            guard index < text.count else { return nil }
            let byte = text[index]
            if byte == JSONByte.quote { return index + 1 }
            if byte == JSONByte.backslash {
                guard let next = skipEscape(text, at: index) else { return nil }
                index = next
            } else {
                guard byte >= 0x80, let next = skipCharacter(text, at: index) else { return nil }
                index = next
            }
        }
    }

    private static func skipEscape(_ text: borrowing Span<UInt8>, at start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        switch text[start + 1] {
        case JSONByte.quote, JSONByte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            guard start + 6 <= text.count else { return nil }
            for index in start + 2..<start + 6 where JSONByte.hexadecimalValue(text[index]) == nil {
                return nil
            }
            return start + 6
        default:
            return nil
        }
    }

    /// Steps over one character of two to four bytes (table 3-7 of the Unicode standard).
    private static func skipCharacter(_ text: borrowing Span<UInt8>, at start: Int) -> Int? {
        let second: ClosedRange<UInt8>
        let length: Int
        switch text[start] {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: return nil
        }
        guard start + length <= text.count, second.contains(text[start + 1]) else { return nil }
        for index in start + 2..<start + length where text[index] & 0xC0 != 0x80 { return nil }
        return start + length
    }

    /// Steps over a number, `true`, `false` or `null`.
    static func skipScalar(_ text: borrowing Span<UInt8>, at start: Int) -> Int? {
        guard start < text.count else { return nil }
        switch text[start] {
        case UInt8(ascii: "t"): return skipWord("true", text, at: start)
        case UInt8(ascii: "f"): return skipWord("false", text, at: start)
        case UInt8(ascii: "n"): return skipWord("null", text, at: start)
        default: return skipNumber(text, at: start)
        }
    }

    private static func skipWord(
        _ word: StaticString, _ text: borrowing Span<UInt8>, at start: Int
    ) -> Int? {
        let end = start + word.utf8CodeUnitCount
        return text.holds(word, at: start) ? end : nil
    }

    /// Steps over a number.
    static func skipNumber(_ text: borrowing Span<UInt8>, at start: Int) -> Int? {
        var index = start
        if index < text.count, text[index] == JSONByte.minus { index += 1 }
        guard index < text.count, JSONByte.isDigit(text[index]) else { return nil }
        if text[index] == JSONByte.zero { index += 1 } else { index = skipDigits(text, at: index) }
        if index < text.count, text[index] == JSONByte.point {
            let end = skipDigits(text, at: index + 1)
            guard end > index + 1 else { return nil }
            index = end
        }
        guard index < text.count, text[index] | 0x20 == UInt8(ascii: "e") else { return index }
        index += 1
        if index < text.count, text[index] == JSONByte.plus || text[index] == JSONByte.minus {
            index += 1
        }
        let end = skipDigits(text, at: index)
        return end > index ? end : nil
    }

    private static func skipDigits(_ text: borrowing Span<UInt8>, at start: Int) -> Int {
        var index = start
        while index < text.count, JSONByte.isDigit(text[index]) { index += 1 }
        return index
    }
}

extension Span<UInt8> {
    /// Whether the bytes from `start` on are those of `word`.
    @inline(__always)
    func holds(_ word: StaticString, at start: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard start >= 0, start + length <= count else { return false }
        return word.withUTF8Buffer { expected in
            for index in 0..<length where unsafe expected[index] != self[start + index] {
                return false
            }
            return true
        }
    }
}
