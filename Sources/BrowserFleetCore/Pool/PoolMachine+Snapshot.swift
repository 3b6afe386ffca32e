// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// What the pool looks like. Looks at every slot and every waiting caller, so it is for health
    /// answers and people, not for a hot path.
    public func snapshot(at now: FleetInstant) -> PoolSnapshot {
        PoolSnapshot(
            mode: modeWord, counts: counts, maxLeases: configuration.maxLeases,
            oldestWait: queue.oldestArrival.map { max(.zero, $0.duration(to: now)) },
            estimatedWait: estimatedWait(at: now), unready: unready, ledger: ledger,
            slots: slots.filter { $0.state != .empty }.map(view))
    }

    private var modeWord: PoolSnapshot.Mode {
        switch mode {
        case .running: .running
        case .draining: .draining
        case .stopping: .stopping
        }
    }

    /// Nothing if an ordinary caller would be served at once.
    private func estimatedWait(at now: FleetInstant) -> Duration {
        let isReady =
            !shelves[.headless].warm.isEmpty && queue.count == 0
            && counts.leased < configuration.maxLeases
        return isReady ? .zero : estimate.wait(place: queue.count + 1, at: now)
    }

    private func view(_ slot: Slot) -> PoolSnapshot.Slot {
        PoolSnapshot.Slot(
            id: slot.id, state: slot.word, since: slot.since, properties: slot.properties,
            lease: leaseView(slot.state))
    }

    private func leaseView(_ state: Slot.State) -> PoolSnapshot.LeaseView? {
        switch state {
        case .empty, .starting, .warm, .ending, .failed: nil
        case .leased(let lease):
            PoolSnapshot.LeaseView(
                owner: lease.owner, request: lease.request, expiresAt: lease.clock.expiresAt,
                connections: lease.clock.connections.count)
        }
    }
}
