// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension JSONTree {
    /// The value, if it is `true` or `false`.
    public var boolean: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    /// The value, if it is a whole number; `1.0` is one.
    public var wholeNumber: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .null, .boolean, .string, .array, .object: nil
        }
    }

    /// The value, if it is a text.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The elements that are texts, if it is a list.
    public var strings: [String]? {
        guard case .array(let elements) = self else { return nil }
        return elements.compactMap(\.string)
    }

    /// The members that are texts, if it is an object.
    public var stringMap: [String: String]? {
        guard case .object(let members) = self else { return nil }
        let pairs = members.compactMap { member in member.value.string.map { (member.name, $0) } }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
