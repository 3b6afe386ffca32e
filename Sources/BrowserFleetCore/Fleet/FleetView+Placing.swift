// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FleetView {
    /// Chooses the server for a new browser.
    public mutating func place(
        _ wish: PlacementWish, using random: inout some RandomNumberGenerator
    ) -> ServerName? {
        placement.choose(wish, among: table, using: &random)
    }

    /// Chooses as ``place(_:using:)`` does, and says why.
    public mutating func explain(
        _ wish: PlacementWish, using random: inout some RandomNumberGenerator
    ) -> PlacementExplanation {
        placement.explain(wish, among: table, using: &random)
    }

    /// The servers that could take a browser: for a store that binds a key to one.
    ///
    /// - Parameters:
    ///   - wish: what the call asks for.
    ///   - most: how many are named.
    ///   - strategy: the order; `nil` is the operator's. Each call begins with it anew, so keys that
    ///     move together should go by ``PlacementStrategy/sticky``, or all go to one server.
    ///   - random: draws where the strategy does.
    /// - Returns: those with room, best first, and behind them those that are only full, so that a
    ///   key can wait for one.
    public func candidates(
        for wish: PlacementWish, most: Int = 8, by strategy: PlacementStrategy? = nil,
        using random: inout some RandomNumberGenerator
    ) -> [ServerName] {
        var (wish, placement) = (wish, placement)
        if let strategy {
            placement = Placement(strategy: strategy, panicThreshold: placement.panicThreshold)
        }
        var names: [ServerName] = []
        while names.count < most, let next = placement.choose(wish, among: table, using: &random) {
            names.append(next)
            wish.tried.insert(next)
        }
        return names + table.full(for: wish).prefix(most - names.count)
    }

    /// Whether a server is well and has room, as far as is known.
    func hasRoom(_ name: ServerName) -> Bool { table.hasRoom(name) }

    /// Whether a server has room and is what a wish asks for, whatever its health.
    func fits(_ name: ServerName, _ wish: PlacementWish) -> Bool { table.fits(name, wish) }

    /// Whether no server that is known could ever be what a wish asks for, full or ill as it is.
    /// Not said as long as servers may still be about to report themselves.
    func isHopeless(_ wish: PlacementWish, at now: FleetInstant) -> Bool {
        guard let settledAt, settledAt <= now else { return false }
        var whole = wish
        (whole.tried, whole.avoided) = ([], [])
        return !table.knowsMatch(for: whole)
    }

    /// The region of a server, if it has one.
    func region(of name: ServerName) -> String? { server(name)?.fields.region }

    /// A create call is on its way to a server.
    mutating func began(on name: ServerName) {
        adjust(name) { $0.inFlight += 1 }
    }

    /// A create call that was on its way is so no more.
    mutating func ended(on name: ServerName, wasTaken: Bool, isFull: Bool) {
        adjust(name) { server in
            server.inFlight = max(0, server.inFlight - 1)
            if wasTaken { server.takenSinceReport += 1 }
            if isFull { server.isSaturated = true }
        }
    }

    private mutating func adjust(_ name: ServerName, _ body: (inout WatchedServer) -> Void) {
        guard let place = places[name.prefix] else { return }
        var actions: [Action] = []
        // What is on its way changes nobody's standing, so nothing is to be done.
        change(place, because: .heard, into: &actions) { server, _ in body(&server) }
    }
}

extension PlacementTable {
    /// Whether a server takes leases, is well and has room.
    func hasRoom(_ name: ServerName) -> Bool {
        place(of: name).map { states[$0].isSuperset(of: [.active, .healthy, .room]) } ?? false
    }

    /// Whether a server takes leases, has room and is what a wish asks for.
    func fits(_ name: ServerName, _ wish: PlacementWish) -> Bool {
        guard let place = place(of: name), states[place].contains(.room) else { return false }
        return PlacementFilter(wish, self).obstacle(place, self) == nil
    }

    /// The servers that take leases, are well, are what a wish asks for, and have no room; those
    /// first that the wish's key is closest to.
    func full(for wish: PlacementWish) -> [ServerName] {
        let filter = PlacementFilter(wish, self)
        let places = rows.indices.filter { place in
            states[place].isSuperset(of: [.active, .healthy]) && !states[place].contains(.room)
                && filter.obstacle(place, self) == nil
        }
        let key = Rendezvous.hash((wish.key ?? "").utf8)
        return
            places
            .map { (servers[$0].name, Rendezvous.score(key: key, server: rows[$0].hash)) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
            .map(\.0)
    }

    /// Whether a server is what a wish asks for, whether or not it takes leases now.
    func knowsMatch(for wish: PlacementWish) -> Bool {
        let filter = PlacementFilter(wish, self)
        return rows.indices.contains { place in
            switch filter.obstacle(place, self) {
            case nil, .inactive: true
            case _: false
            }
        }
    }
}
