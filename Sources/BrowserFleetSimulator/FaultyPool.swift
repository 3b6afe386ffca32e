// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// The pool machine as a world runs it: plain, or with a bug planted around it.
struct FaultyPool: Sendable {
    private var machine: PoolMachine
    private let bug: PlantedBug?
    /// Callers that wait, and the last lease that ended: what some bugs need.
    private var waiting: [PoolRequest] = []
    private var lastEnded: LeaseID?
    private var lastGranted: LeaseID?

    init(configuration: PoolConfiguration, seed: UInt64, bug: PlantedBug?) {
        self.bug = bug
        machine = PoolMachine(
            configuration: bug?.mutate(configuration) ?? configuration, seed: seed)
    }

    var nextDeadline: FleetInstant? { bug == .forgetsTimer ? nil : machine.nextDeadline }
    var counts: PoolCounts { machine.counts }
    var ledger: PoolLedger { machine.ledger }

    func checkInvariants() -> [String] { machine.checkInvariants() }

    mutating func handle(
        _ event: PoolMachine.Event, at now: FleetInstant
    ) -> [PoolMachine.Action] {
        guard let bug else { return machine.handle(event, at: now) }
        if case .requested(let request) = event { waiting.append(request) }
        let actions = machine.handle(bug.mutate(event) ?? .woke, at: now)
        let mutated = actions.flatMap { mutate($0, bug) } + additions(to: event, bug)
        for action in actions { forget(action) }
        return mutated
    }

    private func additions(
        to event: PoolMachine.Event, _ bug: PlantedBug
    ) -> [PoolMachine.Action] {
        guard bug == .endsUnderPressure, case .sampled(let sample) = event,
            sample.host.processor ?? 0 > 90, let lease = lastGranted
        else { return [] }
        return [.end(lease.slot, lease, .unhealthy)]
    }

    private mutating func forget(_ action: PoolMachine.Action) {
        switch action {
        case .grant(let request, let grant):
            waiting.removeAll { $0.id == request }
            lastGranted = grant.lease
        case .refuse(let request, _): waiting.removeAll { $0.id == request }
        case .end(_, let lease?, _): lastEnded = lease
        case .launch, .end, .kill, .probeActivity, .drained: break
        }
    }

    private func mutate(_ action: PoolMachine.Action, _ bug: PlantedBug) -> [PoolMachine.Action] {
        switch (bug, action) {
        case (.grantsTwice, .grant(let request, let grant)):
            let other = waiting.first { $0.id != request }
            return [action] + (other.map { [.grant($0.id, grant)] } ?? [])
        case (.reusesBrowsers, .grant(let request, var grant)):
            grant.lease = lastEnded ?? grant.lease
            return [.grant(request, grant)]
        case (.endsTwice, .end(let slot, let lease, _)):
            return [action, .end(slot, lease, .deleted)]
        case (.saysWrongStart, .grant(let request, var grant)):
            grant.start = grant.start == .warm ? .cold : .warm
            return [.grant(request, grant)]
        case (.servesLastFirst, .grant(let request, let grant)):
            let wish = waiting.first { $0.id == request }
            let last = waiting.last {
                $0.owner == wish?.owner && $0.priority == wish?.priority
                    && $0.properties == wish?.properties
            }
            return [.grant(last?.id ?? request, grant)]
        case (.neverKills, .kill): return []
        case (.forgetsRefusals, .refuse(_, let refusal)) where refusal.reason == .queueTimeout:
            return []
        default: return [action]
        }
    }
}
