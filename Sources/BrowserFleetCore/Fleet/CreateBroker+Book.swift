// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension CreateBroker {
    /// A call comes.
    mutating func open(_ call: CreateCall, at now: FleetInstant) {
        ledger.asked += 1
        journeys[call.id] = Journey(
            call: call, deadline: now.advanced(by: max(.zero, call.patience)))
    }

    /// Whether a call waits in the queue.
    func isQueued(_ id: RequestID) -> Bool { queue[id] != nil }

    /// The call whose turn it is among those that wait, are not just being tried, and for which
    /// `condition` holds.
    func firstIdle(where condition: (Journey) -> Bool) -> RequestID? {
        guard idle > 0 else { return nil }
        return queue.first { request in
            guard let journey = journeys[request.id], journey.attempt == nil else { return false }
            return condition(journey)
        }
    }

    /// A call is tried on a server until `end`.
    mutating func begin(
        _ id: RequestID, on server: ServerName, at endpoint: ServerEndpoint?,
        until end: FleetInstant
    ) -> CreateAttempt? {
        guard var journey = journeys[id], journey.attempt == nil else { return nil }
        let seat = takeSeat()
        seats[seat] = id
        ends.set(seat, to: end)
        journey.attempts += 1
        let attempt = CreateAttempt(
            call: id, number: journey.attempts, server: server, endpoint: endpoint)
        (journey.attempt, journey.seat) = (attempt, seat)
        journeys[id] = journey
        if isQueued(id) { idle -= 1 }
        ledger.attempts += 1
        return attempt
    }

    /// The attempt of a call is over or given up.
    mutating func end(_ id: RequestID) {
        guard var journey = journeys[id], let seat = journey.seat else { return }
        ends.set(seat, to: nil)
        seats[seat] = nil
        emptySeats.append(seat)
        (journey.attempt, journey.seat) = (nil, nil)
        journeys[id] = journey
        if isQueued(id) { idle += 1 }
    }

    /// A server broke a call.
    mutating func note(_ breakage: Breakage, of id: RequestID) {
        ledger.failures += 1
        journeys[id]?.breakages += 1
        journeys[id]?.broken.append(breakage)
    }

    /// A call begins to wait. The queue must have room.
    mutating func join(_ id: RequestID, at now: FleetInstant) {
        guard let journey = journeys[id] else { return }
        queue.join(journey.call.request, deadline: journey.deadline, at: now)
        estimate.joined(at: now)
        ledger.waited += 1
        idle += 1
    }

    /// A call no longer waits. It is served if it got a browser: then its owner pays a turn.
    mutating func unqueue(_ id: RequestID, served: Bool, at now: FleetInstant) {
        guard isQueued(id) else { return }
        if journeys[id]?.attempt == nil { idle -= 1 }
        _ = served ? queue.serve(id) : queue.leave(id)
        if served { estimate.served(at: now) }
        if queue.count == 0 { estimate.emptied(at: now) }
    }

    /// A call is over.
    mutating func close(_ id: RequestID, served: Bool, at now: FleetInstant) {
        end(id)
        unqueue(id, served: served, at: now)
        journeys[id] = nil
    }

    /// The call whose attempt took too long.
    mutating func popOverdue(at now: FleetInstant) -> RequestID? {
        ends.popDue(at: now).flatMap { seats[$0] }
    }

    private mutating func takeSeat() -> Int {
        if let empty = emptySeats.popLast() { return empty }
        seats.append(nil)
        return ends.grow()
    }
}

extension CreateBroker.Journey {
    /// What server it may be now, but for those that just broke the call.
    func wish(at now: FleetInstant) -> PlacementWish {
        var wish = call.wish
        for breakage in broken where now < breakage.until {
            wish.tried.insert(breakage.server)
            if let region = breakage.region, wish.region == nil { wish.avoided.insert(region) }
        }
        return wish
    }
}

extension CreateBroker {
    /// What is wrong with the book, one sentence each; empty if nothing is. Looks at everything:
    /// for tests and the simulator, after every event.
    public func checkInvariants() -> [String] {
        var broken: [String] = []
        if ledger.asked != ledger.ended + open {
            broken.append("\(ledger.asked) calls came, \(ledger.ended) ended, \(open) are open")
        }
        let queued = journeys.values.filter { isQueued($0.call.id) }
        if queued.count != queue.count { broken.append("a call waits that is over") }
        let recount = queued.count { $0.attempt == nil }
        if recount != idle { broken.append("idle is \(idle), recounted \(recount)") }
        if queue.count > limits.queueBound { broken.append("too many wait") }
        let travelling = journeys.values.filter { $0.attempt != nil }
        if travelling.count != ends.count { broken.append("an attempt has no end") }
        if seats.count(where: { $0 != nil }) != ends.count { broken.append("a seat is wrong") }
        if travelling.count + recount != open {
            broken.append("a call neither waits nor travels")
        }
        for journey in travelling where journey.seat.flatMap({ seats[$0] }) != journey.call.id {
            broken.append("call \(journey.call.id) does not sit where it should")
        }
        if idle > 0, looksAt == nil { broken.append("nobody looks at calls that wait") }
        return broken
    }
}
