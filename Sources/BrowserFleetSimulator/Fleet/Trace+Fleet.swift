// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension Trace {
    /// Something that happened elsewhere than at a gateway: for readers, not in the hash.
    mutating func tell(_ line: @autoclosure () -> String, at now: FleetInstant) {
        guard keepsText else { return }
        lines.append("\(now.nanoseconds / 1000) us: \(line())")
    }

    /// An event of one gateway of a fleet, and what its machine answered.
    mutating func note(
        _ gateway: Int, _ event: GatewayMachine.Event, _ actions: [GatewayMachine.Action],
        at now: FleetInstant
    ) {
        mix(now.nanoseconds)
        mix(gateway)
        mix(event)
        for action in actions { mix(action) }
        guard keepsText else { return }
        lines.append("\(now.nanoseconds / 1000) us: gateway \(gateway): \(event)")
        lines += actions.map { "    \($0)" }
    }

    private mutating func mix(_ event: GatewayMachine.Event) {
        switch event {
        case .woke: mix(64)
        case .fleet(let event): mix(event)
        case .create(let event): mix(event)
        }
    }

    private mutating func mix(_ tag: Int, _ server: ServerName, _ rest: Int = 0) {
        mix(tag << 48 | rest)
        mix(server.text)
    }

    private mutating func mix(_ event: FleetView.Event) {
        switch event {
        case .woke: mix(65)
        case .entered(let entry): mix(66, entry.name)
        case .removed(let name): mix(67, name)
        case .heartbeat(let heartbeat):
            mix(68, heartbeat.server, heartbeat.report.leased)
            mix(heartbeat.epoch.number)
            mix(heartbeat.sequence)
        case .probed(let probe, let answer):
            mix(69, probe.server, probe.number)
            mix(answer?.responseTime.wholeNanoseconds ?? -1)
        case .called(let name, let failed): mix(70, name, failed ? 1 : 0)
        case .marked(let name, let mark):
            mix(71, name)
            mix(mark.rawValue)
        case .left(let name, let epoch):
            mix(72, name)
            mix(epoch.number)
        }
    }

    private mutating func mix(_ event: CreateBroker.Event) {
        switch event {
        case .woke: mix(80)
        case .asked(let call): mix(81 << 48 | call.id.number)
        case .ended(let attempt, let outcome):
            mix(82, attempt)
            mix(outcome.rawValue)
        case .cancelled(let id): mix(83 << 48 | id.number)
        case .stop: mix(84)
        }
    }

    private mutating func mix(_ tag: Int, _ attempt: CreateAttempt) {
        mix(tag, attempt.server, attempt.call.number << 8 | attempt.number)
    }

    private mutating func mix(_ action: GatewayMachine.Action) {
        switch action {
        case .fleet(let action): mix(action)
        case .create(let action): mix(action)
        }
    }

    private mutating func mix(_ action: FleetView.Action) {
        switch action {
        case .answer(let name, let answer):
            switch answer {
            case .accepted(let isDraining): mix(90, name, isDraining ? 1 : 0)
            case .stale(let newest):
                mix(91, name)
                mix(newest)
            case .tooMany: mix(92, name)
            }
        case .probe(let probe): mix(93, probe.server, probe.number)
        case .silent(let name): mix(94, name)
        case .lost(let name): mix(95, name)
        case .returned(let name): mix(96, name)
        case .replaced(let name, let epoch):
            mix(97, name)
            mix(epoch.number)
        case .changed(let name, _, let standing, let reason):
            mix(98, name)
            mix(standing.rawValue)
            mix(reason.rawValue)
        }
    }

    private mutating func mix(_ action: CreateBroker.Action) {
        switch action {
        case .attempt(let attempt, let patience, _):
            mix(100, attempt)
            mix(patience.wholeNanoseconds)
        case .abandon(let attempt): mix(101, attempt)
        case .release(let attempt): mix(102, attempt)
        case .answer(let attempt): mix(103, attempt)
        case .refuse(let id, let refusal):
            mix(104 << 48 | id.number)
            mix(refusal.reason.rawValue)
            mix(refusal.retryAfter?.wholeNanoseconds ?? -1)
        }
    }
}
