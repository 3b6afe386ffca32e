// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A JSON value as it stands in a text, members in their order.
///
/// Requests are read into a tree first, so that a fault can be named by its path before any type
/// of ours is made of it; `openapi.json` and metrics of types are written from trees.
public indirect enum JSONTree: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONTree])
    /// An object; names are unique.
    case object([JSONMember])

    /// The member called `name`, if this is an object that has one.
    public subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// What JSON calls this kind of value, for messages such as "expected a text, found a number".
    public var kindName: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// One member of a JSON object.
public struct JSONMember: Hashable, Sendable {
    /// The name, without escapes.
    public var name: String
    /// The value.
    public var value: JSONTree

    /// Creates a member.
    public init(_ name: String, _ value: JSONTree) {
        self.name = name
        self.value = value
    }
}

extension JSONTree: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
    /// Writes an object as a literal; members keep their order.
    public init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }

    /// Writes a list as a literal.
    public init(arrayLiteral elements: JSONTree...) { self = .array(elements) }

    /// Writes a text as a literal.
    public init(stringLiteral value: String) { self = .string(value) }

    /// Writes a boolean as a literal.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }

    /// Writes a whole number as a literal.
    public init(integerLiteral value: Int64) { self = .integer(value) }
}
