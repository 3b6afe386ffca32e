// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP

/// A JSON reader written for likeness to RFC 8259 and for nothing else: recursive, character by
/// character. What the scanner and the fast reader say is compared with what it says.
struct ReferenceJSON {
    struct Malformed: Error {}

    private var rest: ArraySlice<Unicode.Scalar>
    private static let maximumDepth = 250

    /// The value that `bytes` spell; nil if they are not one JSON value in UTF-8.
    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = ReferenceJSON(rest: Array(text.unicodeScalars)[...])
        reader.skipSpace()
        guard let value = try? reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.rest.isEmpty ? value : nil
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        switch rest.first {
        case "{": return try object(depth: depth + 1)
        case "[": return try array(depth: depth + 1)
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws -> JSONValue {
        var members: [JSONValue.Member] = []
        try take("{")
        skipSpace()
        if rest.first == "}" {
            try take("}")
            return .object([])
        }
        guard depth <= Self.maximumDepth else { throw Malformed() }
        while true {
            skipSpace()
            let name = try string()
            skipSpace()
            try take(":")
            skipSpace()
            members.append(.init(name, try value(depth: depth)))
            skipSpace()
            if rest.first == "}" { break }
            try take(",")
        }
        try take("}")
        return .object(members)
    }

    private mutating func array(depth: Int) throws -> JSONValue {
        var elements: [JSONValue] = []
        try take("[")
        skipSpace()
        if rest.first == "]" {
            try take("]")
            return .array([])
        }
        guard depth <= Self.maximumDepth else { throw Malformed() }
        while true {
            skipSpace()
            elements.append(try value(depth: depth))
            skipSpace()
            if rest.first == "]" { break }
            try take(",")
        }
        try take("]")
        return .array(elements)
    }

    private mutating func string() throws -> String {
        try take("\"")
        var units: [UInt16] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(decoding: units, as: UTF16.self)
            case "\\": units.append(try escape())
            case "\u{0}"..."\u{1F}": throw Malformed()
            default: units.append(contentsOf: String(Character(scalar)).utf16)
            }
        }
        throw Malformed()
    }

    private mutating func escape() throws -> UInt16 {
        switch rest.popFirst() {
        case "\"": return 0x22
        case "\\": return 0x5C
        case "/": return 0x2F
        case "b": return 0x08
        case "f": return 0x0C
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "u":
            let digits = String(String.UnicodeScalarView(rest.prefix(4)))
            rest = rest.dropFirst(4)
            guard digits.utf8.count == 4, !digits.hasPrefix("+"), !digits.hasPrefix("-"),
                let unit = UInt16(digits, radix: 16)
            else { throw Malformed() }
            return unit
        default: throw Malformed()
        }
    }

    private mutating func number() throws -> JSONValue {
        var text = ""
        while let scalar = rest.first, "+-.0123456789eE".unicodeScalars.contains(scalar) {
            text.unicodeScalars.append(scalar)
            rest = rest.dropFirst()
        }
        let grammar = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+\-]?[0-9]+)?/
        guard text.wholeMatch(of: grammar) != nil else { throw Malformed() }
        if let whole = Int64(text) { return .integer(whole) }
        return .number(Double(text) ?? .nan)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
        for scalar in word.unicodeScalars { try take(scalar) }
        return value
    }

    private mutating func take(_ scalar: Unicode.Scalar) throws {
        guard rest.popFirst() == scalar else { throw Malformed() }
    }

    private mutating func skipSpace() {
        while let scalar = rest.first, [" ", "\n", "\r", "\t"].contains(scalar) {
            rest = rest.dropFirst()
        }
    }
}
