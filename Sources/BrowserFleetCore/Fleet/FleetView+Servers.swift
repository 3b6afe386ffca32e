// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FleetView {
    mutating func enter(
        _ entry: ServerEntry, at now: FleetInstant, into actions: inout [Action]
    ) {
        let known = places[entry.name.prefix]
        guard let place = known ?? add(entry.name, entry.endpoint, entry.origin),
            entry.origin == .own || servers[place]?.origin != .own
        else { return }
        change(place, because: .byHand, into: &actions) { server, limits in
            server.origin = entry.origin
            server.endpoint = entry.endpoint
            server.entered = entry.fields
            server.forgetAt = nil
            if entry.origin != .own, server.checkAt == nil {
                server.checkAt = now.advanced(by: Self.stagger(place, limits))
            }
        }
    }

    /// First checks of servers that are entered together do not all fall on one instant.
    static func stagger(_ place: Int, _ limits: FleetLimits) -> Duration {
        limits.pullInterval * (place % 256) / 256
    }

    /// A place for a server that is not known yet; `nil` if there are too many.
    mutating func add(
        _ name: ServerName, _ endpoint: ServerEndpoint, _ origin: ServerEntry.Origin
    ) -> Int? {
        guard places.count < limits.mostServers else { return nil }
        let server = WatchedServer(name, endpoint, origin, limits)
        let place: Int
        if let empty = emptyPlaces.popLast() {
            place = empty
            servers[place] = server
        } else {
            place = deadlines.grow()
            servers.append(server)
        }
        places[name.prefix] = place
        return place
    }

    mutating func remove(_ name: ServerName) {
        guard let place = places.removeValue(forKey: name.prefix), let server = servers[place]
        else { return }
        watched -= server.isWatched ? 1 : 0
        silent -= server.isSuspect ? 1 : 0
        servers[place] = nil
        owners[name.prefix] = nil
        deadlines.set(place, to: nil)
        table.remove(name)
        outliers.forget(name)
        emptyPlaces.append(place)
    }

    mutating func note(_ name: ServerName, _ mark: ServerMark, into actions: inout [Action]) {
        guard let place = places[name.prefix] else { return }
        change(place, because: .byHand, into: &actions) { server, _ in
            switch mark {
            case .drain: server.isDraining = true
            case .activate: server.isDraining = false
            case .healthy, .unhealthy, .byChecks: server.healthMark = mark
            }
        }
    }

    mutating func note(
        _ name: ServerName, _ failed: Bool, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard let place = places[name.prefix],
            let time = outliers.observe(name, failed: failed, known: places.count, at: now)
        else { return }
        change(place, because: .callsFailed, into: &actions) { server, _ in
            server.ejectedUntil = now.advanced(by: time)
        }
    }

    /// Only the process that has the name can give it back.
    mutating func leave(
        _ name: ServerName, _ epoch: ServerEpoch, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        guard let place = places[name.prefix], let server = servers[place],
            server.origin != .own, server.fence.newest == epoch
        else { return }
        change(place, because: .goodbye, into: &actions) { server, limits in
            server.leftEpoch = epoch
            (server.detector, server.trial) = (nil, nil)
            (server.isLost, server.isSilent) = (false, false)
            server.forget(at: now, limits)
        }
    }

    /// Changes one server and everything that follows from it, and says so.
    mutating func change(
        _ place: Int, because reason: StandingReason, into actions: inout [Action],
        _ body: (inout WatchedServer, FleetLimits) -> Void
    ) {
        guard let change = servers[place]?.change(limits, body) else { return }
        let name = change.facts.name
        watched += change.watched
        silent += change.silent
        if owners[name.prefix] != change.owner { owners[name.prefix] = change.owner }
        table.update(change.facts)
        deadlines.set(place, to: change.deadline)
        guard change.before != change.after else { return }
        actions.append(.changed(name, from: change.before, to: change.after, because: reason))
    }

    func server(_ name: ServerName) -> WatchedServer? {
        places[name.prefix].flatMap { servers[$0] }
    }
}

extension WatchedServer {
    /// What follows from a change.
    struct Change {
        var before: ServerStanding
        var after: ServerStanding
        /// How many more are watched, and silent.
        var watched: Int
        var silent: Int
        var owner: OwnerStanding
        var facts: ServerFacts
        var deadline: FleetInstant?
    }

    /// Changes in place: what is known of a server is much, and a heartbeat changes little of it.
    mutating func change(
        _ limits: FleetLimits, _ body: (inout WatchedServer, FleetLimits) -> Void
    ) -> Change {
        let (before, wasWatched, wasSuspect) = (standing, isWatched, isSuspect)
        body(&self, limits)
        standing = presentStanding
        return Change(
            before: before, after: standing,
            watched: (isWatched ? 1 : 0) - (wasWatched ? 1 : 0),
            silent: (isSuspect ? 1 : 0) - (wasSuspect ? 1 : 0), owner: owner, facts: facts,
            deadline: nextDeadline)
    }

    /// It is gone: if nobody entered it, it is forgotten after a while.
    mutating func forget(at now: FleetInstant, _ limits: FleetLimits) {
        guard origin == .registered else { return }
        checkAt = nil
        forgetAt = now.advanced(by: limits.memory)
    }
}
