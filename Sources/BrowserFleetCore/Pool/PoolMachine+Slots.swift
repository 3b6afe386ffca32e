// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// Events about a slot. One that names an earlier occupation changes nothing.
    mutating func takeSlotEvent(
        _ event: Event, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch event {
        case .launched(let id):
            if let index = index(of: id) { launched(index, at: now) }
        case .launchFailed(let id, let blame):
            if let index = index(of: id) { launchFailed(index, blame, at: now, into: &actions) }
        case .broke(let id, let breakage):
            if let index = index(of: id) { broke(index, breakage, at: now, into: &actions) }
        case .ended(let id):
            if let index = index(of: id) { ended(index, at: now, into: &actions) }
        case .memory(let id, let bytes):
            guard let index = index(of: id), let limit = configuration.memoryLimit else { return }
            if bytes > limit { end(index, .memoryLimit, at: now, into: &actions) }
        case .started, .woke, .requested, .cancelled, .connected, .disconnected, .used, .activity,
            .finish, .sampled, .drain, .stop, .resume:
            break
        }
    }

    /// The place of an occupation that is still going on.
    func index(of id: SlotID) -> Int? {
        guard slots.indices.contains(id.index), slots[id.index].id == id else { return nil }
        return slots[id.index].state == .empty ? nil : id.index
    }

    /// Brings a slot into another state, keeps the counts, and sets the slot's one deadline.
    mutating func move(
        _ index: Int, to state: Slot.State, at now: FleetInstant, deadline: FleetInstant?
    ) {
        counts.change(slots[index].word, by: -1)
        slots[index].state = state
        slots[index].since = now
        counts.change(slots[index].word, by: 1)
        deadlines.set(index, to: deadline)
    }

    /// Ends whatever is in the slot. The only place from which ``Action/end(_:_:_:)`` comes, and
    /// it comes once: a slot that is ending or failed is past it.
    mutating func end(
        _ index: Int, _ reason: EndReason, at now: FleetInstant, into actions: inout [Action]
    ) {
        let id = slots[index].id
        var lease: LeaseID?
        switch slots[index].state {
        case .empty, .ending, .failed: return
        case .starting: shelves.update(slots[index].properties) { $0.starting -= 1 }
        case .warm: shelves.update(slots[index].properties) { $0.warm.removeAll { $0 == id } }
        case .leased(let held):
            lease = LeaseID(slot: id)
            leases[held.request] = nil
            counts.connections -= held.clock.connections.count
        }
        move(index, to: .ending, at: now, deadline: endDeadline(now))
        ledger.noteEnd(reason, leased: lease != nil)
        actions.append(.end(id, lease, reason))
    }

    /// When an end that begins now should have finished.
    func endDeadline(_ now: FleetInstant) -> FleetInstant {
        now.advanced(by: configuration.launch.endDeadline)
    }

    private mutating func broke(
        _ index: Int, _ breakage: Breakage, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch slots[index].state {
        case .empty, .ending, .failed: break
        case .starting: launchFailed(index, .server, at: now, into: &actions)
        case .warm, .leased: end(index, breakage.reason, at: now, into: &actions)
        }
    }

    /// Nothing is left. A driver that says so without a word before has lost the browser.
    private mutating func ended(
        _ index: Int, at now: FleetInstant, into actions: inout [Action]
    ) {
        broke(index, .crashed, at: now, into: &actions)
        move(index, to: .empty, at: now, deadline: nil)
        emptyPlaces.append(index)
    }

    /// Slot deadlines that have come, and the drain's.
    mutating func meetDeadlines(at now: FleetInstant, into actions: inout [Action]) {
        gate.elapse(at: now)
        while let index = deadlines.popDue(at: now) {
            meetDeadline(index, at: now, into: &actions)
        }
        if counts.leased > 0, let drainDeadline, drainDeadline <= now {
            endLeases(.drained, at: now, into: &actions)
        }
    }

    private mutating func meetDeadline(
        _ index: Int, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch slots[index].state {
        case .empty: break
        case .starting: launchTimedOut(index, at: now, into: &actions)
        case .warm: retireSurplus(index, at: now, into: &actions)
        case .leased(let lease): judge(index, lease, at: now, into: &actions)
        case .ending, .failed:
            deadlines.set(index, to: endDeadline(now))
            actions.append(.kill(slots[index].id))
        }
    }
}

extension PoolCounts {
    /// Counts for `capacity` empty slots.
    init(capacity: Int) {
        self.init(
            capacity: capacity, empty: capacity, starting: 0, warm: 0, leased: 0, ending: 0,
            waiting: 0, connections: 0)
    }

    /// Counts one slot more or less in a state.
    mutating func change(_ state: SlotState, by amount: Int) {
        switch state {
        case .empty: empty += amount
        case .starting: starting += amount
        case .warm: warm += amount
        case .leased: leased += amount
        case .ending, .failed: ending += amount
        }
    }
}
