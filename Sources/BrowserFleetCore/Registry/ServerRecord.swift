// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What the registry knows of one server.
public struct ServerRecord: Hashable, Sendable, Codable {
    /// What the operator calls it.
    public let id: ServerID
    /// The name in its browsers' IDs: from its registration, else from its URL.
    public var serverName: ServerName?
    /// What was entered by hand; it counts before what the server says.
    public var entered: ServerFields?
    /// What the server says of itself.
    public var described: ServerFields?
    /// The process that has the name, and since which number; `nil` if none ever came.
    public var epoch: ServerEpoch?
    /// The process of another server that took the name; until this one registers under another.
    public var fencedBy: ServerEpoch?
    /// Whether it is there.
    public var presence: Presence
    /// Whether someone wants it to take no new leases. Stays over a restart, until activated.
    public var isDraining: Bool
    /// What someone said of its health by hand.
    public var healthMark: HealthMark
    /// The number of the last heartbeat.
    public var sequence: UInt64
    /// The last heartbeat.
    public var report: ServerReport?
    /// Milliseconds since 1970 of the last word from it, by its own clock; for people.
    public var lastSeen: Int64?
    /// Milliseconds since 1970 of its first record.
    public var createdAt: Int64

    /// Whether a server is there.
    public enum Presence: String, Hashable, Sendable, Codable, CaseIterable {
        /// Entered by hand, and no process came yet.
        case neverConnected = "never-connected"
        /// A process has the name and sends heartbeats.
        case active
        /// The process said good-bye. What is assigned to it stays.
        case inactive
        /// The process fell silent. What is assigned to it may move.
        case lost
    }

    /// An operator's word on a server's health.
    public enum HealthMark: String, Hashable, Sendable, Codable, CaseIterable {
        /// As the checks find.
        case byChecks = "by-checks"
        /// Well, whatever the checks find.
        case healthy
        /// Ill, whatever the checks find.
        case unhealthy
    }

    /// A record of a server that nobody has heard of yet.
    public init(id: ServerID, createdAt: Int64) {
        self.id = id
        presence = .neverConnected
        isDraining = false
        healthMark = .byChecks
        sequence = 0
        self.createdAt = createdAt
    }

    /// What counts: the fields entered by hand, then those of the server itself.
    public var fields: ServerFields {
        (described ?? ServerFields()).overridden(by: entered ?? ServerFields())
    }

    /// Where it is reached; `nil` if nobody said.
    public var endpoint: ServerEndpoint? {
        fields.url.flatMap { ServerEndpoint($0) }
    }

    /// Whether what is assigned to it stays with it.
    public var keepsAssignments: Bool {
        presence != .lost && healthMark != .unhealthy
    }

    /// Whether it may be given a new key.
    public var takesAssignments: Bool {
        presence == .active && !isDraining && healthMark != .unhealthy
            && report?.isAccepting != false
    }
}
