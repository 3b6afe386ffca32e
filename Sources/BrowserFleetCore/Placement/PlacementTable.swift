// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The servers that placement chooses from, kept by name, with what is compared for every one of
/// them side by side in memory: ten thousand are looked at in some tens of microseconds.
public struct PlacementTable: Equatable, Sendable {
    /// What keeps a server from a lease or lets it take one, in one byte: the first look at a
    /// server reads nothing else.
    struct State: OptionSet, Sendable {
        let rawValue: UInt8
        /// Takes leases, as far as it says itself.
        static let active = State(rawValue: 1)
        static let healthy = State(rawValue: 2)
        static let room = State(rawValue: 4)
        /// No backup.
        static let primary = State(rawValue: 8)
    }

    /// What is compared of every server, and nothing that has to be counted or followed.
    struct Row: Equatable, Sendable {
        /// The region's number; 0 is none.
        var region: Int32
        /// Priority in the upper half, the free share of the capacity in 2^-32 in the lower.
        var rank: Int64
        var responseTime: Int64
        /// Of the name.
        var hash: UInt64
        var weight: Int32

        /// The free share alone.
        var freeShare: UInt32 { UInt32(truncatingIfNeeded: rank) }
    }

    /// The servers in the order of their names.
    public private(set) var servers: [ServerFacts] = []
    private(set) var rows: [Row] = []
    private(set) var states: [State] = []
    /// Changes when a server comes or goes, and is equal where the same servers are in.
    private(set) var membership: UInt64 = 0
    private var regions: [String: Int32] = [:]

    /// Creates a table; of several servers of one name the last counts.
    public init(_ servers: [ServerFacts] = []) {
        for server in servers { update(server) }
    }

    /// Enters what is known of a server, or replaces it.
    public mutating func update(_ server: ServerFacts) {
        let place = firstPlace(notBefore: server.name)
        if place < servers.count, servers[place].name == server.name {
            servers[place] = server
            rows[place] = row(server)
            states[place] = Self.state(server)
        } else {
            servers.insert(server, at: place)
            rows.insert(row(server), at: place)
            states.insert(Self.state(server), at: place)
            membership ^= Rendezvous.score(key: 0, server: rows[place].hash)
        }
    }

    /// Takes a server out.
    public mutating func remove(_ name: ServerName) {
        guard let place = place(of: name) else { return }
        membership ^= Rendezvous.score(key: 0, server: rows[place].hash)
        servers.remove(at: place)
        rows.remove(at: place)
        states.remove(at: place)
    }

    /// What is known of a server.
    public subscript(name: ServerName) -> ServerFacts? { place(of: name).map { servers[$0] } }

    func place(of name: ServerName) -> Int? {
        let place = firstPlace(notBefore: name)
        return place < servers.count && servers[place].name == name ? place : nil
    }

    /// The number of a region; -1 if no server was ever in it.
    func number(ofRegion region: String) -> Int32 { regions[region] ?? -1 }

    func firstPlace(notBefore name: ServerName) -> Int {
        var low = 0
        var high = servers.count
        while low < high {
            let middle = (low + high) / 2
            if servers[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func row(_ server: ServerFacts) -> Row {
        var region: Int32 = 0
        if let name = server.region {
            region = regions[name] ?? Int32(regions.count + 1)
            regions[name] = region
        }
        let priority = Int64(max(-1 << 30, min(server.priority, 1 << 30)))
        return Row(
            region: region, rank: priority << 32 | Self.share(server),
            responseTime: server.responseTime.wholeNanoseconds,
            hash: Rendezvous.hash(server.name.text.utf8),
            weight: Int32(max(0, min(server.weight, 1_000_000))))
    }

    private static func state(_ server: ServerFacts) -> State {
        var state: State = []
        if server.isActive { state.insert(.active) }
        if server.isHealthy { state.insert(.healthy) }
        if server.free > 0 { state.insert(.room) }
        if !server.isBackup { state.insert(.primary) }
        return state
    }

    private static func share(_ server: ServerFacts) -> Int64 {
        guard server.capacity > 0 else { return 0 }
        let whole = Int64(UInt32.max)
        return Int64(min(server.free, 1 << 30)) * whole / Int64(min(server.capacity, 1 << 30))
    }
}
