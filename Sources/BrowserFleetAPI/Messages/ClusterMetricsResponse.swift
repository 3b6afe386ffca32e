// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The answer of `GET /cluster/metrics`.
public struct ClusterMetricsResponse: Hashable, Sendable, Codable {
    /// What would be done about the fleet's size.
    public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing.
        case maintain
        /// More servers.
        case scaleUp = "scale_up"
        /// Fewer servers.
        case scaleDown = "scale_down"
    }

    /// Servers that own browsers, those that are lost not counted.
    public var totalServers: Int
    /// WebSockets at all of them.
    public var totalConnections: Int
    /// Leases over capacity, cut off after two decimals.
    public var averageLoad: Double
    /// What would be done about the fleet's size.
    public var recommendedAction: Action
    /// Leases of all servers.
    public var totalBrowsers: Int
    /// Leases they can have.
    public var totalCapacity: Int
    /// Create calls that wait, at servers and here.
    public var waiting: Int
    /// When this was written.
    public var timestamp: Timestamp

    /// Creates an answer.
    public init(
        totalServers: Int, totalConnections: Int, averageLoad: Double,
        recommendedAction: Action, totalBrowsers: Int, totalCapacity: Int,
        waiting: Int, timestamp: Timestamp
    ) {
        self.totalServers = totalServers
        self.totalConnections = totalConnections
        self.averageLoad = averageLoad
        self.recommendedAction = recommendedAction
        self.totalBrowsers = totalBrowsers
        self.totalCapacity = totalCapacity
        self.waiting = waiting
        self.timestamp = timestamp
    }
}
