// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A JSON value (RFC 8259), for messages small enough to be taken apart.
///
/// An object keeps its members in the order they stood in, doubled names included, so that what
/// is written back is what was read.
public enum JSONValue: Equatable, Sendable {
    /// One name and value of an object.
    public struct Member: Equatable, Sendable {
        /// The name, escapes resolved.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// Makes the member `"name": value`.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number written without fraction and exponent that fits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// Text, escapes resolved.
    case string(String)
    /// Elements in their order.
    case array([JSONValue])
    /// Members in their order.
    case object([Member])
}

extension JSONValue {
    /// The first member called `name`; nil when there is none or this is not an object.
    public subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The element at `index`; nil when there is none or this is not an array.
    public subscript(_ index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text, when this is a string.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number, when this is a whole number that fits.
    public var intValue: Int? {
        switch self {
        case .integer(let number): Int(exactly: number)
        case .number(let number): Self.whole(number)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    // `Int(exactly:)` would need the mathematics library, which nothing here is linked to.
    private static func whole(_ number: Double) -> Int? {
        guard number.magnitude < 9.2e18 else { return nil }
        let whole = Int(number)
        return Double(whole) == number ? whole : nil
    }

    /// The number, when this is one.
    public var doubleValue: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The truth value, when this is one.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, when this is an array.
    public var arrayValue: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members in their order, when this is an object.
    public var objectValue: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

// No nil literal: `condition ? value : nil` would then say null where nothing is meant.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes the value that the literal stands for.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Makes the value that the literal stands for.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes the value that the literal stands for.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Makes the value that the literal stands for.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes the value that the literal stands for.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Makes the value that the literal stands for.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
