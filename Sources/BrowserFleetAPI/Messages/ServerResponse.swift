// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One server of a fleet, in the answers of `GET /servers` and `GET /servers/:id`.
public struct ServerResponse: Hashable, Sendable, Codable {
    /// The server ID, or the server name of one that never said its ID; paths take either.
    public var id: String
    /// The server name, part of its browsers' IDs.
    public var server: String
    /// The name that people see.
    public var name: String?
    /// Where gateways reach it.
    public var url: String
    /// How it came to be known: a word of `ServerEntry.Origin`.
    public var origin: String
    /// What is thought of it: a word of `ServerStanding`.
    public var status: String
    /// Whether it is thought to be well. An opinion: it steers creates and nothing else.
    public var healthy: Bool
    /// Its kind, as the operator calls it: `vps`, `cloud` and so on.
    public var type: String?
    /// Where it is.
    public var region: String?
    /// What else the operator says of it.
    public var labels: [String: String]
    /// Higher is preferred.
    public var priority: Int
    /// Its share of new browsers under the strategy `weighted`.
    public var weight: Int
    /// Whether it is used only when no other server can be.
    public var backup: Bool
    /// For people.
    public var description: String?
    /// Leases it can have at once.
    public var capacity: Int
    /// Leases it has.
    public var leased: Int
    /// Leases it could still take, as far as is known.
    public var free: Int
    /// Browsers that are ready there and have no lease.
    public var warm: Int
    /// Callers that wait there.
    public var waiting: Int
    /// WebSockets there.
    public var connections: Int
    /// Why it would refuse a caller, one word; absent while it would not.
    public var refusal: String?
    /// Smoothed time of its answers, in milliseconds.
    public var responseTimeMs: Double?
    /// When it was last heard of.
    public var lastSeen: Timestamp?
    /// Grows each time a process takes the server name.
    public var epoch: Int64?
    /// Its version of BrowserFleet.
    public var version: String?

    /// Creates an answer about a server of which nothing is known but where it is.
    public init(id: String, server: String, url: String, origin: String, status: String) {
        self.id = id
        self.server = server
        self.url = url
        self.origin = origin
        self.status = status
        healthy = false
        labels = [:]
        (priority, weight, backup) = (0, 1, false)
        (capacity, leased, free, warm, waiting, connections) = (0, 0, 0, 0, 0, 0)
    }
}

/// The answer of `GET /servers`, by name.
public struct ServerListResponse: Hashable, Sendable, Codable {
    /// The servers.
    public var servers: [ServerResponse]

    /// Creates an answer.
    public init(servers: [ServerResponse]) { self.servers = servers }
}

/// The answer of `DELETE /servers/:id`.
public struct ServerRemovedResponse: Hashable, Sendable, Codable {
    /// Always true: afterwards there is no such server.
    public var removed: Bool
    /// As the server was called.
    public var id: String

    /// Creates an answer.
    public init(id: String) {
        removed = true
        self.id = id
    }
}

/// The answer of `POST /servers/:id/health-check`.
public struct ServerCheckResponse: Hashable, Sendable, Codable {
    /// As the server was called.
    public var id: String
    /// Whether it answered in time and in order.
    public var passed: Bool
    /// How long it took, in milliseconds.
    public var responseTimeMs: Double?

    /// Creates an answer.
    public init(id: String, passed: Bool, responseTimeMs: Double?) {
        self.id = id
        self.passed = passed
        self.responseTimeMs = responseTimeMs
    }
}
