// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Someone uses a key: where is it, or where does it come to?
///
/// A key stays where it is while its server is there or has only left for a restart. It moves when
/// the server is lost, removed or marked unhealthy, to the first candidate that can take it.
public struct AutoAssign: StoreCommand, Hashable {
    /// The key.
    public var key: AssignmentKey
    /// Who uses it.
    public var owner: String
    /// Whether the caller may use keys of others.
    public var isAdmin: Bool
    /// The servers it may come to, the best first, as the placement strategy has ordered them.
    public var candidates: [ServerID]
    /// Who asks, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(
        key: AssignmentKey, owner: String, isAdmin: Bool = false, candidates: [ServerID],
        stamp: CommandStamp
    ) {
        self.key = key
        self.owner = owner
        self.isAdmin = isAdmin
        self.candidates = candidates
        self.stamp = stamp
    }

    /// Where the key is, and how it came there.
    public struct Answer: Hashable, Sendable {
        /// The assignment that holds now.
        public let assignment: Assignment
        /// What became of it.
        public let change: Change
    }

    /// What became of a key.
    public enum Change: String, Hashable, Sendable, CaseIterable {
        /// It stayed.
        case kept
        /// It came to its first server.
        case created
        /// It came to another server.
        case moved
    }

    /// The key; servers are looked at only if need be.
    public var keys: [RecordKey] { [.assignment(key)] }

    /// Answers where the key is now.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> Answer {
        try Assignment.check(owner: owner)
        guard let known = view.assignment(key) else {
            let assignment = try assign(owner: owner, after: nil, on: &view)
            view.note(
                .assignmentCreated, subject: key.text, by: stamp, details: details(assignment))
            return Answer(assignment: assignment, change: .created)
        }
        try known.check(isFor: owner, isAdmin: isAdmin)
        if view.server(known.server)?.keepsAssignments == true {
            return Answer(assignment: known, change: .kept)
        }
        let assignment = try assign(owner: known.owner, after: known, on: &view)
        var details = details(assignment)
        details["from"] = known.server.text
        view.note(.assignmentMoved, subject: key.text, by: stamp, details: details)
        return Answer(assignment: assignment, change: .moved)
    }

    private func assign(
        owner: String, after known: Assignment?, on view: inout RecordView
    ) throws(StoreRefusal) -> Assignment {
        for candidate in candidates where view.server(candidate)?.takesAssignments == true {
            let assignment = Assignment(
                key: key, owner: owner, server: candidate,
                epoch: Assignment.epoch(after: known, at: stamp),
                assignedAt: stamp.unixMilliseconds)
            view.write(.assignment(assignment))
            return assignment
        }
        throw .noServer
    }

    private func details(_ assignment: Assignment) -> [String: String] {
        [
            "server": assignment.server.text, "epoch": assignment.epoch.description,
            "owner": assignment.owner,
        ]
    }
}
