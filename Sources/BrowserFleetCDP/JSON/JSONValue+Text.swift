// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The value as UTF-8 text without spaces.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Writes the value as UTF-8 text without spaces to the end of `bytes`.
    ///
    /// Numbers that JSON cannot say (infinite, not a number) are written as `null`.
    public func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .number(let number): Self.append(number, to: &bytes)
        case .string(let text): Self.append(text, to: &bytes)
        case .array(let elements): Self.append(elements, to: &bytes)
        case .object(let members): Self.append(members, to: &bytes)
        }
    }

    private static func append(_ number: Double, to bytes: inout [UInt8]) {
        guard number.isFinite else { return bytes.append(contentsOf: "null".utf8) }
        bytes.append(contentsOf: number.description.utf8)
    }

    private static func append(_ elements: [JSONValue], to bytes: inout [UInt8]) {
        bytes.append(JSONByte.openBracket)
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(JSONByte.comma) }
            element.append(to: &bytes)
        }
        bytes.append(JSONByte.closeBracket)
    }

    private static func append(_ members: [Member], to bytes: inout [UInt8]) {
        bytes.append(JSONByte.openBrace)
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(JSONByte.comma) }
            append(member.name, to: &bytes)
            bytes.append(JSONByte.colon)
            member.value.append(to: &bytes)
        }
        bytes.append(JSONByte.closeBrace)
    }

    /// Writes `text` as a JSON string, quotes included, to the end of `bytes`.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(JSONByte.quote)
        for byte in text.utf8 {
            switch byte {
            case JSONByte.quote, JSONByte.backslash:
                bytes.append(JSONByte.backslash)
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hexadecimalDigit(byte >> 4))
                bytes.append(hexadecimalDigit(byte & 15))
            default:
                bytes.append(byte)
            }
        }
        bytes.append(JSONByte.quote)
    }

    private static func hexadecimalDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? nibble + 0x30 : nibble + 0x57
    }
}
