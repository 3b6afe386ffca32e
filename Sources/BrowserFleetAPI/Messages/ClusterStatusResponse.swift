// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The answer of `GET /cluster/status`.
public struct ClusterStatusResponse: Hashable, Sendable, Codable {
    /// How the fleet is, as the answering server knows it.
    public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        /// Every server is in rotation.
        case healthy
        /// Some are not.
        case degraded
        /// None can take a browser.
        case unhealthy
        /// The answering server drains.
        case draining
    }

    /// The answering server's ID.
    public var serverId: String
    /// How the fleet is.
    public var status: Status
    /// WebSockets at the answering server.
    public var connections: Int
    /// Milliseconds since its start.
    public var uptime: Int64
    /// Servers that own browsers, those that are lost not counted.
    public var clusterSize: Int
    /// Servers by what is thought of them.
    public var servers: [String: Int]
    /// Create calls that wait at the answering server.
    public var waiting: Int

    /// Creates an answer.
    public init(
        serverId: String, status: Status, connections: Int, uptime: Int64, clusterSize: Int,
        servers: [String: Int], waiting: Int
    ) {
        self.serverId = serverId
        self.status = status
        self.connections = connections
        self.uptime = uptime
        self.clusterSize = clusterSize
        self.servers = servers
        self.waiting = waiting
    }
}
