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

    /// Whether every active server fits.
    var isPlain: Bool {
        region == nil && labels.isEmpty && tried.isEmpty && only == nil && avoided.isEmpty
    }

    /// What about a server does not fit the wish, whatever its load and health.
    func obstacle(_ place: Int, _ table: PlacementTable) -> PlacementObstacle? {
        let row = table.rows[place]
        if !row.isActive { return .inactive }
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
        places.reserveCapacity(table.rows.count)
        let isPlain = filter.isPlain
        for place in table.rows.indices {
            let row = table.rows[place]
            guard isPlain ? row.isActive : filter.obstacle(place, table) == nil else { continue }
            matching += 1
            guard row.isHealthy else { continue }
            healthy += 1
            if row.hasRoom, !row.isBackup { places.append(place) }
        }
        isPanicking = Double(healthy) < panicThreshold * Double(matching)
        if isPanicking { places = able(table, isBackup: false) }
        if places.isEmpty { places = able(table, isBackup: true) }
    }

    private func able(_ table: PlacementTable, isBackup: Bool) -> [Int] {
        table.rows.indices.filter { place in
            let row = table.rows[place]
            return row.isBackup == isBackup && row.hasRoom && (isPanicking || row.isHealthy)
                && filter.obstacle(place, table) == nil
        }
    }

    /// Why the server at `place` is not among those that could; `nil` if it is.
    func obstacle(_ place: Int, _ table: PlacementTable) -> PlacementObstacle? {
        if places.contains(place) { return nil }
        if let obstacle = filter.obstacle(place, table) { return obstacle }
        if !isPanicking, !table.rows[place].isHealthy { return .unhealthy }
        return table.rows[place].hasRoom ? .backup : .full
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
