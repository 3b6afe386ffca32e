// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// That there is a server, and where it is reached: the word of somebody else than the server
/// itself. What is entered counts before what the server says.
public struct ServerEntry: Hashable, Sendable {
    /// Whose word it is.
    public enum Origin: String, Hashable, Sendable, CaseIterable {
        /// The server is this very process.
        case own
        /// A list of servers: the setting `SERVERS`, or a store.
        case listed
        /// An operator, by `POST /servers`.
        case manual
        /// Nobody's but its own: it came by a heartbeat.
        case registered
    }

    /// The server.
    public var name: ServerName
    /// Where it is reached.
    public var endpoint: ServerEndpoint
    /// Whose word it is.
    public var origin: Origin
    /// What else is said of it.
    public var fields: ServerFields

    /// Creates an entry.
    public init(
        name: ServerName, endpoint: ServerEndpoint, origin: Origin,
        fields: ServerFields = ServerFields()
    ) {
        self.name = name
        self.endpoint = endpoint
        self.origin = origin
        self.fields = fields
    }
}

/// A server's full report of itself, as it arrives. It also registers a server that nobody entered.
public struct Heartbeat: Hashable, Sendable {
    /// Who says so.
    public var server: ServerName
    /// Where the server is reached by gateways.
    public var endpoint: ServerEndpoint
    /// Under which epoch it has its name.
    public var epoch: ServerEpoch
    /// Counts up with each heartbeat of an epoch; one that comes late changes nothing.
    public var sequence: UInt64
    /// What it says of itself that seldom changes.
    public var fields: ServerFields
    /// How it is.
    public var report: ServerReport

    /// Creates a heartbeat.
    public init(
        server: ServerName, endpoint: ServerEndpoint, epoch: ServerEpoch, sequence: UInt64,
        fields: ServerFields = ServerFields(), report: ServerReport
    ) {
        self.server = server
        self.endpoint = endpoint
        self.epoch = epoch
        self.sequence = sequence
        self.fields = fields
        self.report = report
    }
}

/// What a server hears when it sent a heartbeat.
public enum HeartbeatAnswer: Hashable, Sendable {
    /// It is listened to. `isDraining` is an operator's wish that it takes no new leases.
    case accepted(isDraining: Bool)
    /// It is not: a process with this number has its name.
    case stale(newest: Int64)
    /// It is not: there are as many servers as this gateway watches; see
    /// ``FleetLimits/mostServers``.
    case tooMany
}
