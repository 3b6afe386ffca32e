// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FieldTable {
    /// The table as a JSON Schema (OpenAPI 3.1).
    public var schema: JSONTree {
        var members = [
            JSONMember("type", "object"),
            JSONMember("additionalProperties", false),
            JSONMember(
                "properties", .object(rules.map { JSONMember($0.name, $0.schema) })),
        ]
        let required = rules.filter(\.isRequired).map { JSONTree.string($0.name) }
        if !required.isEmpty { members.append(JSONMember("required", .array(required))) }
        return .object(members)
    }
}

extension FieldRule {
    /// The rule's schema, with its summary; optional fields may also be `null` in a body.
    public var schema: JSONTree {
        var schema = kind.schema
        if !isRequired { schema = ["anyOf": [schema, ["type": "null"]]] }
        guard case .object(let members) = schema else { return schema }
        return .object(members + [JSONMember("description", .string(summary))])
    }
}

extension FieldKind {
    /// A text without control characters, as a regular expression.
    private static let printable = JSONTree.string("^[^\\x00-\\x1F\\x7F]*$")

    /// The kind as a JSON Schema.
    public var schema: JSONTree {
        switch self {
        case .boolean: ["type": "boolean"]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
                "maximum": .integer(Int64(range.upperBound)),
            ]
        case .text(let longest): Self.textSchema(longest)
        case .choice(let words):
            ["type": "string", "enum": .array(words.map { .string($0) })]
        case .list(let kind, let most):
            ["type": "array", "maxItems": .integer(Int64(most)), "items": kind.schema]
        case .map(let most, let longest):
            [
                "type": "object", "maxProperties": .integer(Int64(most)),
                "propertyNames": ["type": "string", "minLength": 1, "maxLength": 64],
                "additionalProperties": [
                    "type": "string", "maxLength": .integer(Int64(longest)),
                ],
            ]
        case .object(let table): table.schema
        case .textOrObject(let longest, let table):
            ["anyOf": [Self.textSchema(longest), table.schema]]
        }
    }

    private static func textSchema(_ longest: Int) -> JSONTree {
        [
            "type": "string", "minLength": 1, "maxLength": .integer(Int64(longest)),
            "pattern": printable,
        ]
    }
}
