// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Chooses the server for a new browser: filters, then a strategy.
///
/// A value with what the strategies have to remember (whose turn it is). It holds no opinion of its
/// own about servers: these come in with every call, so every gateway decides by what it knows.
public struct Placement: Equatable, Sendable {
    /// How one of those that could do it is chosen.
    public let strategy: PlacementStrategy
    /// When fewer than this share of the servers that match are thought to be well, the opinion is
    /// not trusted and all are considered (Envoy's panic threshold): most of a fleet seldom dies,
    /// an observer that is cut off sees just that.
    public let panicThreshold: Double

    /// The server last chosen, for turns by name.
    private var last: ServerName?
    /// What each server is owed, for turns by weight; in the order of `creditors`.
    private var credits: [Int] = []
    private var creditors: [ServerName] = []
    private var membership: UInt64 = 0

    /// Creates a placement that has chosen nobody yet.
    public init(strategy: PlacementStrategy = .leastLoaded, panicThreshold: Double = 0.5) {
        self.strategy = strategy
        self.panicThreshold = panicThreshold
    }

    /// Chooses the server for a new browser.
    ///
    /// - Parameters:
    ///   - wish: what the call asks for.
    ///   - table: all servers that are known.
    ///   - random: draws for ``PlacementStrategy/twoChoices``.
    /// - Returns: the server; `nil` if none can take it.
    public mutating func choose(
        _ wish: PlacementWish, among table: PlacementTable,
        using random: inout some RandomNumberGenerator
    ) -> ServerName? {
        choose(wish, table, PlacementField(wish, table, panicThreshold), &random)
    }

    mutating func choose(
        _ wish: PlacementWish, _ table: PlacementTable, _ field: PlacementField,
        _ random: inout some RandomNumberGenerator
    ) -> ServerName? {
        guard !field.places.isEmpty else { return nil }
        last = table.servers[pick(field.places, table, wish, &random)].name
        return last
    }

    private mutating func pick(
        _ places: [Int], _ table: PlacementTable, _ wish: PlacementWish,
        _ random: inout some RandomNumberGenerator
    ) -> Int {
        let rows = table.rows
        switch strategy {
        case .leastLoaded: return best(places) { rows[$0].isLessLoaded(than: rows[$1]) }
        case .pack: return best(places) { rows[$0].isFuller(than: rows[$1]) }
        case .roundRobin: return nextByName(places, table)
        case .weighted: return nextByWeight(places, table)
        case .twoChoices:
            return best(pair(places, &random)) { rows[$0].isLessLoaded(than: rows[$1]) }
        case .sticky:
            guard let key = wish.key.map({ Rendezvous.hash($0.utf8) }) else {
                return best(places) { rows[$0].isLessLoaded(than: rows[$1]) }
            }
            return first(places) { Rendezvous.score(key: key, server: rows[$0].hash) }
        }
    }

    private func best(_ places: [Int], _ isBetter: (Int, Int) -> Bool) -> Int {
        var best = places[0]
        for place in places where isBetter(place, best) { best = place }
        return best
    }

    /// The one of the highest score.
    private func first(_ places: [Int], by score: (Int) -> UInt64) -> Int {
        var best = (place: places[0], score: score(places[0]))
        for place in places.dropFirst() {
            let score = score(place)
            if score > best.score { best = (place, score) }
        }
        return best.place
    }

    /// Two different ones, if there are two.
    private func pair(
        _ places: [Int], _ random: inout some RandomNumberGenerator
    ) -> [Int] {
        let first = Int.random(in: 0..<places.count, using: &random)
        guard places.count > 1 else { return [places[first]] }
        let step = Int.random(in: 1..<places.count, using: &random)
        return [places[first], places[(first + step) % places.count]]
    }

    private func nextByName(_ places: [Int], _ table: PlacementTable) -> Int {
        guard let last else { return places[0] }
        var next = table.firstPlace(notBefore: last)
        if next < table.servers.count, table.servers[next].name == last { next += 1 }
        return places.first { $0 >= next } ?? places[0]
    }

    /// Each gains its weight; the richest is taken and pays the sum.
    private mutating func nextByWeight(_ places: [Int], _ table: PlacementTable) -> Int {
        if table.membership != membership { meet(table) }
        var sum = 0
        var best: Int?
        for place in places {
            let weight = Int(table.rows[place].weight)
            // Weight 0 takes none while another can; what it is owed must not count either.
            guard weight > 0 else { continue }
            credits[place] += weight
            sum += weight
            if best.map({ credits[place] > credits[$0] }) ?? true { best = place }
        }
        guard let best else { return places[0] }
        credits[best] -= sum
        return best
    }

    /// Servers came or went: the others keep what they are owed.
    private mutating func meet(_ table: PlacementTable) {
        let owed = Dictionary(
            zip(creditors, credits), uniquingKeysWith: { first, _ in first })
        creditors = table.servers.map(\.name)
        credits = creditors.map { owed[$0] ?? 0 }
        membership = table.membership
    }
}
