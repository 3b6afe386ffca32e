// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What placement knows of one server, from its latest report and the opinion of its health.
public struct ServerFacts: Hashable, Sendable {
    /// The server.
    public var name: ServerName
    /// Whether it takes new leases as far as it says itself: not draining, not inactive.
    public var isActive: Bool
    /// Whether it is thought to be well. An opinion: it steers creates and nothing else.
    public var isHealthy: Bool
    /// Used only when no other server can be.
    public var isBackup: Bool
    /// Leases it can have at once.
    public var capacity: Int
    /// Leases it has.
    public var used: Int
    /// Higher is preferred by ``PlacementStrategy/leastLoaded``.
    public var priority: Int
    /// Share under ``PlacementStrategy/weighted``; 0 takes none.
    public var weight: Int
    /// Smoothed time of its answers.
    public var responseTime: Duration
    /// Where it is, as its operator calls it.
    public var region: String?
    /// What else its operator says of it.
    public var labels: [String: String]

    /// Creates facts; what is not given is that of an ordinary, idle server.
    public init(
        name: ServerName, capacity: Int, used: Int = 0, isActive: Bool = true,
        isHealthy: Bool = true, isBackup: Bool = false, priority: Int = 0, weight: Int = 1,
        responseTime: Duration = .zero, region: String? = nil, labels: [String: String] = [:]
    ) {
        self.name = name
        self.isActive = isActive
        self.isHealthy = isHealthy
        self.isBackup = isBackup
        self.capacity = capacity
        self.used = used
        self.priority = priority
        self.weight = weight
        self.responseTime = responseTime
        self.region = region
        self.labels = labels
    }

    /// Leases it can still take.
    public var free: Int { max(0, capacity - used) }
}

/// What a create call asks of the server it is placed on.
public struct PlacementWish: Hashable, Sendable {
    /// The region it must be in; `nil` is any.
    public var region: String?
    /// Labels it must have, with these values.
    public var labels: [String: String]
    /// The key whose calls should meet the same server, for ``PlacementStrategy/sticky``.
    public var key: String?
    /// The one server it must be, where an assignment says so; `nil` is any.
    public var server: ServerName?
    /// Servers that were tried for this call already.
    public var tried: Set<ServerName>
    /// Regions in which a server broke for this call; left out while others can.
    public var avoided: Set<String>

    /// Creates a wish; without arguments any server will do.
    public init(
        region: String? = nil, labels: [String: String] = [:], key: String? = nil,
        server: ServerName? = nil, tried: Set<ServerName> = [], avoided: Set<String> = []
    ) {
        self.region = region
        self.labels = labels
        self.key = key
        self.server = server
        self.tried = tried
        self.avoided = avoided
    }
}

/// Why a server was not considered. Its raw value is the word in an explanation.
public enum PlacementObstacle: String, Hashable, Sendable, CaseIterable {
    /// It was tried for this call.
    case tried
    /// It drains or is inactive.
    case inactive
    /// It is in another region.
    case region
    /// It lacks a label.
    case labels
    /// An assignment names another server.
    case assigned
    /// Another server of its region broke for this call.
    case avoided
    /// It is thought to be unwell.
    case unhealthy
    /// It has no lease left.
    case full
    /// Another server can do it, and this one is a backup.
    case backup
}
