// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A key (a device, a profile, a user) bound to one server.
public struct Assignment: Hashable, Sendable {
    /// The client's word for what is bound.
    public var key: String
    /// The server it is bound to.
    public var server: ServerName
    /// The API key it belongs to.
    public var owner: String
    /// Grows with every change, also over a key's removal; what a change compares with.
    public var epoch: Int64

    /// Creates an assignment.
    public init(key: String, server: ServerName, owner: String, epoch: Int64) {
        self.key = key
        self.server = server
        self.owner = owner
        self.epoch = epoch
    }
}

/// Why an assignment was not changed or shown. The raw value is the word in answers and audit lines.
public enum AssignmentRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// There is no such key.
    case unknown = "assignment-unknown"
    /// The key belongs to somebody else.
    case notYours = "assignment-not-yours"
    /// It was changed meanwhile, or exists where it should not: read it again.
    case changed = "assignment-changed"
}

/// All assignments of a fleet: the rules that every store follows, as a value. Stores are tested
/// against it with the same operations.
public struct AssignmentTable: Equatable, Sendable {
    private var assignments: [String: Assignment] = [:]
    /// The epoch of the latest change of any key, so that none comes twice.
    private var latest: Int64 = 0

    /// Creates an empty table.
    public init() {}

    /// How many keys are bound.
    public var count: Int { assignments.count }

    /// What a key is bound to.
    ///
    /// - Throws: ``AssignmentRefusal/unknown``, ``AssignmentRefusal/notYours``.
    public func get(_ key: String, for owner: String) throws(AssignmentRefusal) -> Assignment {
        guard let found = assignments[key] else { throw .unknown }
        guard found.owner == owner else { throw .notYours }
        return found
    }

    /// Binds a key, by compare-and-set.
    ///
    /// - Parameters:
    ///   - key: what to bind.
    ///   - server: whom to.
    ///   - owner: the caller's API key.
    ///   - epoch: the epoch the caller saw; `nil` if it saw none and wants to be the first.
    /// - Returns: the new assignment.
    /// - Throws: ``AssignmentRefusal/notYours``, ``AssignmentRefusal/changed``.
    public mutating func put(
        _ key: String, to server: ServerName, for owner: String, expecting epoch: Int64?
    ) throws(AssignmentRefusal) -> Assignment {
        if let found = assignments[key], found.owner != owner { throw .notYours }
        guard assignments[key]?.epoch == epoch else { throw .changed }
        return bind(key, to: server, for: owner)
    }

    /// The server of a key, bound to `best` if it is bound to nobody or to one that is lost. Two
    /// callers at once get the same answer, whatever each thinks best.
    ///
    /// - Parameters:
    ///   - key: what to look up or bind.
    ///   - owner: the caller's API key.
    ///   - best: whom to bind it to, chosen by placement.
    ///   - isLost: whether a server is known to be lost.
    /// - Returns: the assignment that holds now.
    /// - Throws: ``AssignmentRefusal/notYours``.
    public mutating func take(
        _ key: String, for owner: String, best: ServerName, isLost: (ServerName) -> Bool
    ) throws(AssignmentRefusal) -> Assignment {
        guard let found = assignments[key] else { return bind(key, to: best, for: owner) }
        guard found.owner == owner else { throw .notYours }
        return isLost(found.server) ? bind(key, to: best, for: owner) : found
    }

    /// Binds a key to nobody.
    ///
    /// - Returns: what it was bound to.
    /// - Throws: ``AssignmentRefusal``; `changed` if `epoch` is given and another one holds.
    @discardableResult
    public mutating func remove(
        _ key: String, for owner: String, expecting epoch: Int64? = nil
    ) throws(AssignmentRefusal) -> Assignment {
        let found = try get(key, for: owner)
        guard epoch == nil || epoch == found.epoch else { throw .changed }
        assignments[key] = nil
        return found
    }

    /// The keys bound to a server, in their order: what moves when it is lost.
    public func keys(of server: ServerName) -> [String] {
        assignments.values.filter { $0.server == server }.map(\.key).sorted()
    }

    private mutating func bind(
        _ key: String, to server: ServerName, for owner: String
    ) -> Assignment {
        latest += 1
        let bound = Assignment(key: key, server: server, owner: owner, epoch: latest)
        assignments[key] = bound
        return bound
    }
}
