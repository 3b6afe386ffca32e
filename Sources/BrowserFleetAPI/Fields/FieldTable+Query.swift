// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FieldTable {
    /// Makes a body of a query, so that `/connect?headful=true&viewport.width=800` and
    /// `POST /browsers` read the same fields by the same rules.
    ///
    /// Booleans are `true` or `false`, lists repeat the name, members of objects and maps join
    /// the names by a dot. Values are decoded already; nothing is checked but their form.
    public func tree(
        fromQuery pairs: [(name: String, value: String)]
    ) throws(FieldFault) -> JSONTree {
        var members: [JSONMember] = []
        for (name, value) in pairs {
            let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let head = String(parts[0])
            guard let rule = self[head] else { throw unknown(name, at: name) }
            let index = members.firstIndex { $0.name == head }
            let current = index.map { members[$0].value }
            let next = try rule.kind.add(
                value, member: parts.count > 1 ? String(parts[1]) : nil, to: current, at: name)
            if let index {
                members[index].value = next
            } else {
                members.append(JSONMember(head, next))
            }
        }
        return .object(members)
    }
}

extension FieldKind {
    /// The tree after one more pair of a query.
    fileprivate func add(
        _ text: String, member: String?, to current: JSONTree?, at path: String
    ) throws(FieldFault) -> JSONTree {
        if let member { return try add(text, named: member, to: current, at: path) }
        if case .list(let kind, _) = self {
            let element = try kind.leaf(text, at: path)
            guard case .array(let elements)? = current else { return .array([element]) }
            return .array(elements + [element])
        }
        guard current == nil else { throw FieldFault(.invalidValue, at: path, "came twice") }
        return try leaf(text, at: path)
    }

    private func add(
        _ text: String, named name: String, to current: JSONTree?, at path: String
    ) throws(FieldFault) -> JSONTree {
        let value: JSONTree
        switch self {
        case .map: value = .string(text)
        case .object(let table), .textOrObject(_, let table):
            guard let rule = table[name] else { throw table.unknown(name, at: path) }
            value = try rule.kind.add(text, member: nil, to: current?[name], at: path)
        case .boolean, .integer, .text, .choice, .list:
            throw FieldFault(.unknownField, at: path, "has no members; expected \(expectation)")
        }
        guard let current else { return .object([JSONMember(name, value)]) }
        guard case .object(var members) = current else {
            throw FieldFault(.invalidValue, at: path, "came twice")
        }
        members.removeAll { $0.name == name }
        members.append(JSONMember(name, value))
        return .object(members)
    }

    private func leaf(_ text: String, at path: String) throws(FieldFault) -> JSONTree {
        switch self {
        case .boolean:
            switch text {
            case "true", "1", "": return .boolean(true)
            case "false", "0": return .boolean(false)
            default: throw FieldFault(.wrongType, at: path, "expected \(expectation)")
            }
        case .integer:
            guard let value = Int64(text) else {
                throw FieldFault(.wrongType, at: path, "expected \(expectation)")
            }
            return .integer(value)
        case .text, .choice, .textOrObject: return .string(text)
        case .list, .map, .object:
            throw FieldFault(.wrongType, at: path, "expected \(expectation)")
        }
    }
}
