// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// When leases that are left are ended.
    var drainDeadline: FleetInstant? {
        switch mode {
        case .running, .stopping: nil
        case .draining(let by): by
        }
    }

    /// How long the drain may still take, at least a second: after that another server, or this
    /// one started anew, may answer.
    func drainRest(at now: FleetInstant) -> Duration {
        max(.seconds(1), drainDeadline.map { now.duration(to: $0) } ?? .zero)
    }

    mutating func drain(
        by deadline: FleetInstant, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch mode {
        case .stopping: break
        case .draining(let before): mode = .draining(by: min(before, deadline))
        case .running:
            mode = .draining(by: deadline)
            close(.drained, at: now, into: &actions)
        }
    }

    mutating func stop(at now: FleetInstant, into actions: inout [Action]) {
        guard mode != .stopping else { return }
        mode = .stopping
        close(.serverStopping, at: now, into: &actions)
        endLeases(.serverStopping, at: now, into: &actions)
    }

    mutating func resume() {
        switch mode {
        case .running, .stopping: break
        case .draining: mode = .running
        }
    }

    /// Says once that nothing is left.
    mutating func sayDrained(into actions: inout [Action]) {
        guard mode != .running, !saidDrained, counts.empty == counts.capacity else { return }
        saidDrained = true
        actions.append(.drained)
    }

    /// Nobody waits any more, and nothing that is not leased stays.
    private mutating func close(
        _ reason: EndReason, at now: FleetInstant, into actions: inout [Action]
    ) {
        saidDrained = false
        refuseAll(.draining, at: now, into: &actions) { _ in true }
        for index in slots.indices where slots[index].word != .leased {
            end(index, reason, at: now, into: &actions)
        }
    }
}
