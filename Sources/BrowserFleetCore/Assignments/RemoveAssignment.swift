// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Someone frees a key.
public struct RemoveAssignment: StoreCommand, Hashable {
    /// The key.
    public var key: AssignmentKey
    /// Who wants it.
    public var owner: String
    /// The epoch that the caller has seen; `nil` frees it at any.
    public var expected: Int64?
    /// Whether the caller may free keys of others.
    public var isAdmin: Bool
    /// Who wants it, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(
        key: AssignmentKey, owner: String, expected: Int64? = nil, isAdmin: Bool = false,
        stamp: CommandStamp
    ) {
        self.key = key
        self.owner = owner
        self.expected = expected
        self.isAdmin = isAdmin
        self.stamp = stamp
    }

    /// The key.
    public var keys: [RecordKey] { [.assignment(key)] }

    /// Answers what stood there; `nil` if nothing did, which is no error.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> Assignment? {
        guard let known = view.assignment(key) else { return nil }
        try known.check(isFor: owner, isAdmin: isAdmin)
        if let expected, expected != known.epoch { throw .conflict(known) }
        view.remove(.assignment(key))
        view.note(
            .assignmentRemoved, subject: key.text, by: stamp,
            details: [
                "from": known.server.text, "epoch": known.epoch.description, "owner": known.owner,
            ])
        return known
    }
}
