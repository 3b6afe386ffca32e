// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// Why a caller would be refused now, whatever it wants and however many wait; `nil` if it
    /// would not. The one word of a readiness answer is its ``Refusal/Reason/word``.
    public var unready: Refusal.Reason? {
        if mode != .running { return .draining }
        if let shortage = pressure.shortage { return .pressure(shortage) }
        return gate.isQuarantined && counts.warm == 0 ? .quarantined : nil
    }

    mutating func requested(
        _ request: PoolRequest, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard queue[request.id] == nil, leases[request.id] == nil else { return }
        ledger.requested += 1
        let shelf = shelves[request.properties]
        if let reason = obstacle(to: request, shelf) {
            return refuse(request.id, reason, place: queue.count + 1, at: now, into: &actions)
        }
        if let slot = shelf.warm.first, shelf.waiting == 0, hasFreeLease {
            return grant(request, slot, .warm, arrivedAt: now, at: now, into: &actions)
        }
        let patience = configuration.queueTimeout.resolve(request.queueTimeout)
        guard patience > .zero else {
            return refuse(
                request.id, .queueTimeout, place: queue.count + 1, at: now, into: &actions)
        }
        let bound = request.waitsForOthers ? configuration.queueBound : 0
        let isFull = counts.waiting >= bound + room
        let loser = isFull && request.waitsForOthers ? queue.giveWay(to: request) : nil
        guard !isFull || loser != nil else {
            return refuse(request.id, .queueFull, place: queue.count + 1, at: now, into: &actions)
        }
        queue.join(request, deadline: now.advanced(by: patience), at: now)
        estimate.joined(at: now)
        counts.waiting += 1
        shelves.update(request.properties) { $0.waiting += 1 }
        if let loser { dismiss(loser, .queueFull, at: now, into: &actions) }
    }

    /// Leases that could begin without another's end. Callers that wait for one of these only
    /// wait for a launch, so they do not count against the queue's bound: an empty server with a
    /// queue of none still serves.
    private var room: Int {
        max(0, min(counts.available, configuration.maxLeases - counts.leased))
    }

    /// What keeps a caller from even waiting. A quarantined pool still gives what it has.
    private func obstacle(to request: PoolRequest, _ shelf: Shelf) -> Refusal.Reason? {
        switch mode {
        case .draining, .stopping: return .draining
        case .running: break
        }
        if let shortage = pressure.shortage { return .pressure(shortage) }
        return gate.isQuarantined && shelf.warm.isEmpty ? .quarantined : nil
    }

    mutating func cancelled(
        _ id: RequestID, at now: FleetInstant, into actions: inout [Action]
    ) {
        if let lease = leases[id] {
            return end(lease.slot.index, .abandoned, at: now, into: &actions)
        }
        dismiss(id, .cancelled, at: now, into: &actions)
    }

    /// Refuses callers that have waited as long as they would.
    mutating func expireWaiters(at now: FleetInstant, into actions: inout [Action]) {
        while let id = queue.expired(at: now) {
            dismiss(id, .queueTimeout, at: now, into: &actions)
        }
    }

    /// Refuses all waiting callers for which `condition` holds.
    mutating func refuseAll(
        _ reason: Refusal.Reason, at now: FleetInstant, into actions: inout [Action],
        where condition: (PoolRequest) -> Bool
    ) {
        for id in queue.all(where: condition) { dismiss(id, reason, at: now, into: &actions) }
    }

    /// Gives browsers to those whose turn it is, then launches what is missing.
    mutating func serve(at now: FleetInstant, into actions: inout [Action]) {
        while shelves.matched > 0, hasFreeLease, pressure.shortage == nil, mode == .running,
            let next = nextMatch()
        {
            guard let waiter = queue.serve(next.id) else { return }
            counts.waiting -= 1
            shelves.update(waiter.request.properties) { $0.waiting -= 1 }
            estimate.served(at: now)
            if counts.waiting == 0 { estimate.emptied(at: now) }
            let isWarm = slots[next.slot.index].since < waiter.arrivedAt
            grant(
                waiter.request, next.slot, isWarm ? .warm : .cold, arrivedAt: waiter.arrivedAt,
                at: now, into: &actions)
        }
        launchWanted(at: now, into: &actions)
    }

    private func nextMatch() -> (id: RequestID, slot: SlotID)? {
        guard let id = queue.first(where: { !shelves[$0.properties].warm.isEmpty }),
            let waiter = queue[id], let slot = shelves[waiter.request.properties].warm.first
        else { return nil }
        return (id, slot)
    }

    private var hasFreeLease: Bool { counts.leased < configuration.maxLeases }

    private mutating func grant(
        _ request: PoolRequest, _ slot: SlotID, _ start: Grant.Start, arrivedAt: FleetInstant,
        at now: FleetInstant, into actions: inout [Action]
    ) {
        let clock = LeaseClock(
            terms: request.terms, configuration: configuration,
            lifetime: lifetime(request.terms), at: now)
        shelves.update(request.properties) { $0.warm.removeFirst() }
        let held = Slot.Lease(request: request.id, owner: request.owner, clock: clock)
        move(slot.index, to: .leased(held), at: now, deadline: clock.nextDeadline)
        let lease = LeaseID(slot: slot)
        leases[request.id] = lease
        ledger.noteGrant(start)
        let grant = Grant(
            lease: lease, start: start, expiresAt: clock.expiresAt,
            waited: arrivedAt.duration(to: now))
        actions.append(.grant(request.id, grant))
    }

    /// Takes a waiting caller out of the queue and refuses it.
    private mutating func dismiss(
        _ id: RequestID, _ reason: Refusal.Reason, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        let place = queue.place(of: id)
        guard let waiter = queue.leave(id) else { return }
        counts.waiting -= 1
        shelves.update(waiter.request.properties) { $0.waiting -= 1 }
        refuse(id, reason, place: place, at: now, into: &actions)
        if counts.waiting == 0 { estimate.emptied(at: now) }
    }

    private mutating func refuse(
        _ id: RequestID, _ reason: Refusal.Reason, place: Int?, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        ledger.noteRefusal(reason)
        actions.append(.refuse(id, refusal(reason, place: place ?? 1, at: now)))
    }

    /// When trying again makes sense follows from the reason.
    private func refusal(
        _ reason: Refusal.Reason, place: Int, at now: FleetInstant
    ) -> Refusal {
        switch reason {
        case .queueFull:
            Refusal(
                reason: reason, place: place, estimate: estimate.wait(place: place, at: now),
                retryAfter: estimate.retryAfter(place: 1, at: now))
        case .queueTimeout:
            Refusal(
                reason: reason, place: place, estimate: estimate.wait(place: place, at: now),
                retryAfter: estimate.retryAfter(place: place, at: now))
        case .draining: Refusal(reason: reason, retryAfter: drainRest(at: now))
        case .quarantined: Refusal(reason: reason, retryAfter: gate.retryAfter(at: now))
        case .pressure: Refusal(reason: reason, retryAfter: pressure.retryAfter)
        case .launchFailed, .keyLimit, .cancelled: Refusal(reason: reason)
        }
    }
}
