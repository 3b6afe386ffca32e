// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FieldTable {
    /// Checks a body against the table; members that are `null` count as absent.
    ///
    /// - Throws: the first fault, in the order of the body, then missing fields.
    public func check(_ tree: JSONTree, at path: String = "") throws(FieldFault) {
        guard case .object(let members) = tree else {
            throw FieldFault(
                .wrongType, at: path, "expected an object, found \(tree.kindName)")
        }
        for member in members {
            let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
            guard let rule = self[member.name] else { throw unknown(member.name, at: inner) }
            if member.value == .null && !rule.isRequired { continue }
            try rule.kind.check(member.value, at: inner)
        }
        for rule in rules where rule.isRequired && tree[rule.name] == nil {
            let inner = path.isEmpty ? rule.name : "\(path).\(rule.name)"
            throw FieldFault(.missingField, at: inner, "is required: \(rule.kind.expectation)")
        }
    }

    /// The fault of a field that is not in the table, with the nearest name if one is near.
    func unknown(_ name: String, at path: String) -> FieldFault {
        let shown = name.count > 64 ? String(name.prefix(64)) + "…" : name
        let place = path.count > 128 ? shown : path
        let near = rules.map(\.name).first { $0.lowercased() == name.lowercased() }
        let hint =
            near.map { "did you mean '\($0)'?" }
            ?? "known fields are \(rules.map(\.name).joined(separator: ", "))"
        return FieldFault(.unknownField, at: place, "is not a field of \(title); \(hint)")
    }
}

extension FieldKind {
    /// What would be right, as the end of a sentence.
    public var expectation: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .text(let longest): "a text of 1 to \(longest) characters"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .list(let kind, let most): "a list of at most \(most), each \(kind.expectation)"
        case .map(let most, let longest):
            "an object of at most \(most) texts of at most \(longest) characters"
        case .object(let table): "an object (\(table.rules.map(\.name).joined(separator: ", ")))"
        case .textOrObject(let longest, let table):
            "a text of 1 to \(longest) characters or an object "
                + "(\(table.rules.map(\.name).joined(separator: ", ")))"
        }
    }

    func check(_ tree: JSONTree, at path: String) throws(FieldFault) {
        switch (self, tree) {
        case (.boolean, .boolean): break
        case (.integer(let range), .integer(let value)): try check(value, in: range, at: path)
        case (.integer(let range), .number(let value)): try check(value, in: range, at: path)
        case (.text(let longest), .string(let text)): try check(text, longest: longest, at: path)
        case (.textOrObject(let longest, _), .string(let text)):
            try check(text, longest: longest, at: path)
        case (.choice(let words), .string(let text)):
            guard words.contains(text) else {
                throw FieldFault(.invalidValue, at: path, "expected \(expectation)")
            }
        case (.list(let kind, let most), .array(let elements)):
            guard elements.count <= most else {
                throw FieldFault(.outOfRange, at: path, "expected \(expectation)")
            }
            for (index, element) in elements.enumerated() {
                try kind.check(element, at: "\(path)[\(index)]")
            }
        case (.map(let most, let longest), .object(let members)):
            try check(members, most: most, longest: longest, at: path)
        case (.object(let table), .object), (.textOrObject(_, let table), .object):
            try table.check(tree, at: path)
        case (.boolean, _), (.integer, _), (.text, _), (.choice, _), (.list, _), (.map, _),
            (.object, _), (.textOrObject, _):
            throw FieldFault(
                .wrongType, at: path, "expected \(expectation), found \(tree.kindName)")
        }
    }

    private func check(
        _ value: Int64, in range: ClosedRange<Int>, at path: String
    ) throws(FieldFault) {
        guard range.contains(Int(value)) else {
            throw FieldFault(.outOfRange, at: path, "\(value) is not \(expectation)")
        }
    }

    private func check(
        _ value: Double, in range: ClosedRange<Int>, at path: String
    ) throws(FieldFault) {
        guard let whole = Int64(exactly: value) else {
            throw FieldFault(.wrongType, at: path, "expected \(expectation)")
        }
        try check(whole, in: range, at: path)
    }

    private func check(_ text: String, longest: Int, at path: String) throws(FieldFault) {
        guard !text.isEmpty, text.unicodeScalars.count <= longest else {
            throw FieldFault(.outOfRange, at: path, "expected \(expectation)")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            throw FieldFault(.invalidValue, at: path, "has a control character")
        }
    }

    private func check(
        _ members: [JSONMember], most: Int, longest: Int, at path: String
    ) throws(FieldFault) {
        guard members.count <= most else {
            throw FieldFault(.outOfRange, at: path, "expected \(expectation)")
        }
        for member in members {
            let inner = "\(path).\(member.name)"
            guard case .string(let text) = member.value else {
                throw FieldFault(
                    .wrongType, at: inner, "expected a text, found \(member.value.kindName)")
            }
            let fits = member.name.unicodeScalars.count <= 64 && !member.name.isEmpty
            guard fits, text.unicodeScalars.count <= longest else {
                throw FieldFault(.outOfRange, at: path, "expected \(expectation)")
            }
        }
    }
}
