// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A sticky key, bound to one server.
public struct Assignment: Hashable, Sendable, Codable {
    /// The key.
    public let key: AssignmentKey
    /// Whose key it is; nobody else may move it.
    public var owner: String
    /// Where it is.
    public var server: ServerID
    /// Grows whenever the key comes to a server; what a change compares with. Over a key's removal
    /// it grows as the clocks do, since it is not below the milliseconds since 1970.
    public var epoch: Int64
    /// Milliseconds since 1970 of the last move.
    public var assignedAt: Int64

    /// Creates an assignment.
    public init(
        key: AssignmentKey, owner: String, server: ServerID, epoch: Int64, assignedAt: Int64
    ) {
        self.key = key
        self.owner = owner
        self.server = server
        self.epoch = epoch
        self.assignedAt = assignedAt
    }

    /// The epoch of the next move of a key.
    static func epoch(after known: Assignment?, at stamp: CommandStamp) -> Int64 {
        ServerEpoch.number(
            above: known.map { [$0.epoch] } ?? [], unixMilliseconds: stamp.unixMilliseconds)
    }

    static func check(owner: String) throws(StoreRefusal) {
        guard (1...256).contains(owner.utf8.count), owner.utf8.allSatisfy({ $0 >= 0x20 }) else {
            throw .invalid(field: "owner", advice: "1 to 256 bytes without control characters")
        }
    }

    /// Refuses whoever is neither the owner of the key nor an administrator.
    func check(isFor owner: String, isAdmin: Bool) throws(StoreRefusal) {
        guard isAdmin || owner == self.owner else { throw .notOwner(key) }
    }
}
