// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What of a wish does not depend on how the servers are just now.
struct PlacementFilter: Equatable, Sendable {
    private let region: Int32?
    private let labels: [String: String]
    private let tried: [Int]
    /// Where the only server stands that it may be; -1 if it is not known.
    private let only: Int?
    /// Numbers of the regions that others are preferred to.
    private let avoided: [Int32]

    init(_ wish: PlacementWish, _ table: PlacementTable) {
        region = wish.region.map(table.number(ofRegion:))
        labels = wish.labels
        tried = wish.tried.compactMap(table.place(of:))
        only = wish.server.map { table.place(of: $0) ?? -1 }
        avoided = wish.avoided.map(table.number(ofRegion:))
    }

    /// Where the servers stand that are active, fit, and have a state that is asked for.
    func places(_ table: PlacementTable, where isWanted: (PlacementTable.State) -> Bool) -> [Int] {
        let isPlain = isPlain
        var places = Array(repeating: 0, count: table.states.count)
        var count = 0
        for (place, state) in table.states.enumerated() where state.contains(.active) {
            guard isPlain || obstacle(place, table) == nil else { continue }
            // Written in any case and counted if wanted: a loop without a branch to guess.
            places[count] = place
            count += isWanted(state) ? 1 : 0
        }
        places.removeLast(places.count - count)
        return places
    }

    /// Whether every active server fits.
    private var isPlain: Bool {
        region == nil && labels.isEmpty && tried.isEmpty && only == nil && avoided.isEmpty
    }

    /// What about a server does not fit the wish, whatever its load and health.
    func obstacle(_ place: Int, _ table: PlacementTable) -> PlacementObstacle? {
        if !table.states[place].contains(.active) { return .inactive }
        let row = table.rows[place]
        if let region, region != row.region { return .region }
        if !labels.isEmpty {
            let theirs = table.servers[place].labels
            if !labels.allSatisfy({ theirs[$0.key] == $0.value }) { return .labels }
        }
        if let only, only != place { return .assigned }
        if !tried.isEmpty, tried.contains(place) { return .tried }
        return !avoided.isEmpty && avoided.contains(row.region) ? .avoided : nil
    }
}

/// The servers that could take a browser, and what keeps the others from it.
struct PlacementField: Equatable, Sendable {
    /// Where in the table those stand that could.
    private(set) var places: [Int] = []
    /// Whether so few seem well that the opinion was not trusted.
    private(set) var isPanicking = false
    private let filter: PlacementFilter

    /// Filters servers: primaries that can, else backups that can.
    init(_ wish: PlacementWish, _ table: PlacementTable, _ panicThreshold: Double) {
        filter = PlacementFilter(wish, table)
        var (matching, healthy) = (0, 0)
        places = filter.places(table) { state in
            matching += 1
            healthy += state.contains(.healthy) ? 1 : 0
            return state == [.active, .healthy, .room, .primary]
        }
        isPanicking = Double(healthy) < panicThreshold * Double(matching)
        if isPanicking { places = able(table, .primary) }
        if places.isEmpty { places = able(table, []) }
    }

    private func able(_ table: PlacementTable, _ rank: PlacementTable.State) -> [Int] {
        var looked: PlacementTable.State = [.active, .room, .primary]
        if !isPanicking { looked.insert(.healthy) }
        let wanted = looked.subtracting(.primary).union(rank)
        return filter.places(table) { $0.intersection(looked) == wanted }
    }

    /// Why the server at `place` is not among those that could; `nil` if it is.
    func obstacle(_ place: Int, _ table: PlacementTable) -> PlacementObstacle? {
        if places.contains(place) { return nil }
        if let obstacle = filter.obstacle(place, table) { return obstacle }
        if !isPanicking, !table.states[place].contains(.healthy) { return .unhealthy }
        return table.states[place].contains(.room) ? .backup : .full
    }
}

/// Which servers were looked at for a create call, and why one was taken.
public struct PlacementExplanation: Hashable, Sendable {
    /// One server's case.
    public struct Case: Hashable, Sendable {
        /// The server.
        public var server: ServerName
        /// What kept it from being considered; `nil` if it was.
        public var obstacle: PlacementObstacle?
        /// Leases it could still take.
        public var free: Int
    }

    /// The server that was taken; `nil` if none could be.
    public var chosen: ServerName?
    /// How it was chosen among those considered.
    public var strategy: PlacementStrategy
    /// Whether so few seemed well that all were considered.
    public var isPanicking: Bool
    /// Every server, in the order of their names.
    public var cases: [Case]
}

extension Placement {
    /// Chooses as ``choose(_:among:using:)`` does, and says why. Looks at every server once more:
    /// for callers that ask.
    public mutating func explain(
        _ wish: PlacementWish, among table: PlacementTable,
        using random: inout some RandomNumberGenerator
    ) -> PlacementExplanation {
        let field = PlacementField(wish, table, panicThreshold)
        let cases = table.servers.indices.map { place in
            PlacementExplanation.Case(
                server: table.servers[place].name, obstacle: field.obstacle(place, table),
                free: table.servers[place].free)
        }
        return PlacementExplanation(
            chosen: choose(wish, table, field, &random), strategy: strategy,
            isPanicking: field.isPanicking, cases: cases)
    }
}
