// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Someone binds a key to a server, provided that it stands as the caller believes.
public struct PutAssignment: StoreCommand, Hashable {
    /// The key.
    public var key: AssignmentKey
    /// Whose it is to be.
    public var owner: String
    /// Where it is to be; the registry must know it.
    public var server: ServerID
    /// The epoch that the caller has seen; `nil` if it has seen no assignment.
    public var expected: Int64?
    /// Whether the caller may change keys of others.
    public var isAdmin: Bool
    /// Who wants it, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(
        key: AssignmentKey, owner: String, server: ServerID, expected: Int64?,
        isAdmin: Bool = false, stamp: CommandStamp
    ) {
        self.key = key
        self.owner = owner
        self.server = server
        self.expected = expected
        self.isAdmin = isAdmin
        self.stamp = stamp
    }

    /// The key and the server.
    public var keys: [RecordKey] { [.assignment(key), .server(server)] }

    /// Answers the new assignment; refuses with ``StoreRefusal/conflict(_:)`` if another stands.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> Assignment {
        try Assignment.check(owner: owner)
        let known = view.assignment(key)
        try known?.check(isFor: owner, isAdmin: isAdmin)
        guard known?.epoch == expected else { throw .conflict(known) }
        guard view.server(server) != nil else { throw .serverNotKnown(server) }
        let next = Assignment(
            key: key, owner: owner, server: server,
            epoch: Assignment.epoch(after: known, at: stamp),
            assignedAt: stamp.unixMilliseconds)
        view.write(.assignment(next))
        var details = [
            "server": server.text, "epoch": next.epoch.description, "owner": owner,
        ]
        details["from"] = known?.server.text
        view.note(
            known == nil ? .assignmentCreated : .assignmentMoved, subject: key.text, by: stamp,
            details: details)
        return next
    }
}
