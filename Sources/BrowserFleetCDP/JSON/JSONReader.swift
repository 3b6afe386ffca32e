// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON.
public struct JSONError: Error, Equatable, Sendable {
    /// About where it stops being JSON, in bytes from the start.
    public let offset: Int
}

extension JSONValue {
    /// Reads `text`, which must be one value and nothing else.
    public static func parse(_ text: borrowing Span<UInt8>) throws(JSONError) -> JSONValue {
        let start = JSONText.skipSpace(text, at: 0)
        guard let end = JSONText.skipValue(text, at: start) else { throw JSONError(offset: start) }
        guard JSONText.skipSpace(text, at: end) == text.count else { throw JSONError(offset: end) }
        return JSONReader.value(text, at: start).value
    }

    /// Reads `bytes`, which must be one value and nothing else.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try parse(bytes.span)
    }

    /// Reads the part of `text` that `range` names, which must be one value and nothing else.
    public static func parse(
        _ text: borrowing Span<UInt8>, in range: Range<Int>
    ) throws(JSONError) -> JSONValue {
        try parse(text.extracting(range))
    }
}

/// Takes JSON apart that `JSONText` has already stepped over, so that it has no errors to find
/// and its recursion is no deeper than `JSONText.maximumDepth`.
enum JSONReader {
    static func value(_ text: borrowing Span<UInt8>, at start: Int) -> (value: JSONValue, end: Int)
    {
        switch text[start] {
        case JSONByte.openBrace: return object(text, at: start)
        case JSONByte.openBracket: return array(text, at: start)
        case JSONByte.quote:
            let end = JSONText.skipString(text, at: start) ?? text.count
            return (.string(string(text, in: start + 1..<end - 1)), end)
        default:
            let end = JSONText.skipScalar(text, at: start) ?? text.count
            return (scalar(text, in: start..<end), end)
        }
    }

    private static func object(
        _ text: borrowing Span<UInt8>, at start: Int
    ) -> (value: JSONValue, end: Int) {
        var members: [JSONValue.Member] = []
        var index = JSONText.skipSpace(text, at: start + 1)
        while text[index] != JSONByte.closeBrace {
            if text[index] == JSONByte.comma { index = JSONText.skipSpace(text, at: index + 1) }
            let nameEnd = JSONText.skipString(text, at: index) ?? text.count
            let name = string(text, in: index + 1..<nameEnd - 1)
            let member = value(text, at: JSONText.skipName(text, at: index) ?? text.count)
            members.append(JSONValue.Member(name, member.value))
            index = JSONText.skipSpace(text, at: member.end)
        }
        return (.object(members), index + 1)
    }

    private static func array(
        _ text: borrowing Span<UInt8>, at start: Int
    ) -> (value: JSONValue, end: Int) {
        var elements: [JSONValue] = []
        var index = JSONText.skipSpace(text, at: start + 1)
        while text[index] != JSONByte.closeBracket {
            if text[index] == JSONByte.comma { index = JSONText.skipSpace(text, at: index + 1) }
            let element = value(text, at: index)
            elements.append(element.value)
            index = JSONText.skipSpace(text, at: element.end)
        }
        return (.array(elements), index + 1)
    }

    private static func scalar(_ text: borrowing Span<UInt8>, in range: Range<Int>) -> JSONValue {
        switch text[range.lowerBound] {
        case UInt8(ascii: "t"): return .bool(true)
        case UInt8(ascii: "f"): return .bool(false)
        case UInt8(ascii: "n"): return .null
        default:
            let digits = string(text, in: range)
            if let whole = Int64(digits) { return .integer(whole) }
            return .number(Double(digits) ?? .nan)
        }
    }

    /// The text between two quotes, escapes resolved; half surrogate pairs become U+FFFD.
    static func string(_ text: borrowing Span<UInt8>, in range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = text[index]
            if byte == JSONByte.backslash {
                index = appendEscape(text, at: index, end: range.upperBound, to: &bytes)
            } else {
                bytes.append(byte)
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendEscape(
        _ text: borrowing Span<UInt8>, at start: Int, end: Int, to bytes: inout [UInt8]
    ) -> Int {
        switch text[start + 1] {
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): return appendUnit(text, at: start, end: end, to: &bytes)
        case let plain: bytes.append(plain)
        }
        return start + 2
    }

    private static func appendUnit(
        _ text: borrowing Span<UInt8>, at start: Int, end: Int, to bytes: inout [UInt8]
    ) -> Int {
        let unit = codeUnit(text, at: start)
        if unit & 0xFC00 == 0xD800, start + 12 <= end, text[start + 6] == JSONByte.backslash,
            text[start + 7] == UInt8(ascii: "u")
        {
            let low = codeUnit(text, at: start + 6)
            if low & 0xFC00 == 0xDC00 {
                append(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF, to: &bytes)
                return start + 12
            }
        }
        append(unit, to: &bytes)
        return start + 6
    }

    private static func codeUnit(_ text: borrowing Span<UInt8>, at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for index in start + 2..<start + 6 {
            unit = unit << 4 | UInt32(JSONByte.hexadecimalValue(text[index]) ?? 0)
        }
        return unit
    }

    private static func append(_ code: UInt32, to bytes: inout [UInt8]) {
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        bytes.append(contentsOf: String(Character(scalar)).utf8)
    }
}
