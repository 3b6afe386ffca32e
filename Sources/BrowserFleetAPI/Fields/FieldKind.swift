// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a field of a request may hold: the one description from which bodies are checked, query
/// values are read and `openapi.json` is written.
public indirect enum FieldKind: Hashable, Sendable {
    /// `true` or `false`.
    case boolean
    /// A whole number in a range; the unit is said by the field's name or summary.
    case integer(ClosedRange<Int>)
    /// A text of 1 to `longest` characters (Unicode scalars) without control characters.
    case text(longest: Int)
    /// One of these words.
    case choice([String])
    /// A list of at most `most` values of one kind.
    case list(FieldKind, most: Int)
    /// An object whose members, at most `most`, are texts of at most `longest` characters.
    case map(most: Int, longest: Int)
    /// An object with declared members.
    case object(FieldTable)
    /// A text or an object that says the same at more length.
    case textOrObject(longest: Int, FieldTable)
}

/// A field of a request.
public struct FieldRule: Hashable, Sendable {
    /// The name, as it stands in JSON and in a query.
    public var name: String
    /// What it may hold.
    public var kind: FieldKind
    /// Whether it must be there.
    public var isRequired: Bool
    /// One sentence for `openapi.json` and for people.
    public var summary: String

    /// Creates a rule.
    public init(_ name: String, _ kind: FieldKind, isRequired: Bool = false, _ summary: String) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.summary = summary
    }
}

/// The fields that a request may have; any other is an error.
public struct FieldTable: Hashable, Sendable {
    /// What the object is called in messages and in `openapi.json`.
    public var title: String
    /// The fields, in the order in which they are documented.
    public var rules: [FieldRule]

    /// Creates a table.
    public init(_ title: String, _ rules: [FieldRule]) {
        self.title = title
        self.rules = rules
    }

    /// The rule for a field; `nil` means that there is no such field.
    public subscript(name: String) -> FieldRule? { rules.first { $0.name == name } }
}
