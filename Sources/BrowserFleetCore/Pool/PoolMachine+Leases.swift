// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// Events about a lease. One that names a lease that has ended changes nothing.
    mutating func takeLeaseEvent(
        _ event: Event, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch event {
        case .connected(let lease, let connection):
            changeClock(of: lease) { $0.connected(connection, at: now) ? 1 : 0 }
        case .disconnected(let lease, let connection):
            changeClock(of: lease) { $0.disconnected(connection, at: now) ? -1 : 0 }
        case .used(let lease):
            changeClock(of: lease) {
                $0.used(at: now)
                return 0
            }
        case .activity(let lease, let last, let viewers):
            active(lease, last: last, viewers: viewers, at: now, into: &actions)
        case .finish(let lease, let reason):
            guard held(lease) != nil else { return }
            end(lease.slot.index, reason, at: now, into: &actions)
        case .started, .woke, .requested, .cancelled, .launched, .launchFailed, .broke, .ended,
            .memory, .sampled, .drain, .stop, .resume:
            break
        }
    }

    /// What to do about a lease one of whose deadlines has come.
    mutating func judge(
        _ index: Int, _ lease: Slot.Lease, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch lease.clock.due(at: now) {
        case .end(let reason)?: end(index, reason, at: now, into: &actions)
        case .probe?:
            deadlines.set(index, to: lease.clock.deadlineAfterProbe(at: now))
            actions.append(.probeActivity(LeaseID(slot: slots[index].id)))
        case nil: deadlines.set(index, to: lease.clock.nextDeadline)
        }
    }

    /// Ends all leases, in the order of their places.
    mutating func endLeases(
        _ reason: EndReason, at now: FleetInstant, into actions: inout [Action]
    ) {
        for index in slots.indices where slots[index].word == .leased {
            end(index, reason, at: now, into: &actions)
        }
    }

    private mutating func active(
        _ lease: LeaseID, last: FleetInstant?, viewers: Int, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        changeClock(of: lease) {
            $0.active(last: last, viewers: viewers, at: now)
            return 0
        }
        if let held = held(lease), held.clock.isIdle(at: now) {
            end(lease.slot.index, .idle, at: now, into: &actions)
        }
    }

    private func held(_ lease: LeaseID) -> Slot.Lease? {
        guard let index = index(of: lease.slot) else { return nil }
        guard case .leased(let held) = slots[index].state else { return nil }
        return held
    }

    /// Lets `change` at the clock of a lease and sets the slot's deadline anew. `change` returns
    /// by how much the number of connections changed.
    private mutating func changeClock(of lease: LeaseID, _ change: (inout LeaseClock) -> Int) {
        guard var held = held(lease) else { return }
        counts.connections += change(&held.clock)
        slots[lease.slot.index].state = .leased(held)
        deadlines.set(lease.slot.index, to: held.clock.nextDeadline)
    }
}
