// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

/// A gateway machine with a clock of milliseconds; every event is followed by a look at the
/// invariants.
struct FleetBench {
    var machine: GatewayMachine
    private(set) var now = FleetInstant.origin
    /// How often each server sent a heartbeat.
    private var sequences: [ServerName: UInt64] = [:]

    init(
        limits: FleetLimits = FleetLimits(), creates: CreateLimits = CreateLimits(),
        strategy: PlacementStrategy = .leastLoaded
    ) {
        machine = GatewayMachine(
            limits: limits, placement: Placement(strategy: strategy), creates: creates, seed: 1)
    }

    static func name(_ text: String) throws -> ServerName { try ServerName(text) }

    static func endpoint(_ text: String) -> ServerEndpoint {
        ServerEndpoint(scheme: .http, host: text, port: 3000)
    }

    static func epoch(_ number: Int64) -> ServerEpoch {
        ServerEpoch(number: number, process: UUIDv4(high: 0, low: UInt64(number)))
    }

    static func report(_ capacity: Int, leased: Int = 0) -> ServerReport {
        var report = ServerReport(capacity: capacity, startedAt: 0, version: "test")
        report.leased = leased
        return report
    }

    @discardableResult
    mutating func tell(_ event: GatewayMachine.Event) -> [GatewayMachine.Action] {
        let actions = machine.handle(event, at: now)
        for broken in machine.checkInvariants() { Issue.record("\(broken), after \(event)") }
        return actions
    }

    /// A heartbeat of a server with `capacity` slots.
    @discardableResult
    mutating func beat(
        _ text: String, epoch: Int64 = 1, capacity: Int = 10, leased: Int = 0,
        fields: ServerFields = ServerFields(), change: (inout ServerReport) -> Void = { _ in }
    ) throws -> [GatewayMachine.Action] {
        let name = try Self.name(text)
        sequences[name, default: 0] += 1
        var report = Self.report(capacity, leased: leased)
        change(&report)
        return tell(
            .fleet(
                .heartbeat(
                    Heartbeat(
                        server: name, endpoint: Self.endpoint(text), epoch: Self.epoch(epoch),
                        sequence: sequences[name] ?? 1, fields: fields, report: report))))
    }

    /// Time passes, and the machine is not woken: its driver is busy.
    mutating func stall(for time: Duration) { now = now.advanced(by: time) }

    /// Time passes: the machine is woken at each of its deadlines, then at the end. What it wanted,
    /// each with its milliseconds; probes for which `answers` holds are answered at once.
    @discardableResult
    mutating func pass(
        until milliseconds: Int, answers: (Probe) -> Bool = { _ in false }
    ) -> [(Int64, GatewayMachine.Action)] {
        let end = FleetInstant.origin.advanced(by: .milliseconds(milliseconds))
        var seen: [(Int64, GatewayMachine.Action)] = []
        while let deadline = machine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            var actions = tell(.woke)
            for case .fleet(.probe(let probe)) in actions where answers(probe) {
                actions += tell(
                    .fleet(.probed(probe, ProbeAnswer(responseTime: .milliseconds(1)))))
            }
            seen += actions.map { (now.nanoseconds / 1_000_000, $0) }
        }
        now = max(now, end)
        return seen
    }

    /// A call wants a browser.
    @discardableResult
    mutating func ask(
        _ id: Int, owner: String = "k", priority: PriorityClass = .normal,
        wish: PlacementWish = PlacementWish(), patience: Duration = .seconds(30)
    ) -> [CreateBroker.Action] {
        tell(
            .create(
                .asked(
                    CreateCall(
                        id: RequestID(id), owner: owner, priority: priority, wish: wish,
                        patience: patience)))
        ).creates
    }

    /// An attempt ends.
    @discardableResult
    mutating func end(
        _ attempt: CreateAttempt, _ outcome: AttemptOutcome
    ) -> [CreateBroker.Action] {
        tell(.create(.ended(attempt, outcome))).creates
    }

    func standing(_ text: String) throws -> ServerStanding? {
        machine.view.row(of: try Self.name(text))?.standing
    }
}

extension [GatewayMachine.Action] {
    /// Those about servers.
    var fleet: [FleetView.Action] {
        compactMap { if case .fleet(let action) = $0 { action } else { nil } }
    }

    /// Those about create calls.
    var creates: [CreateBroker.Action] {
        compactMap { if case .create(let action) = $0 { action } else { nil } }
    }
}

extension [CreateBroker.Action] {
    /// The attempts among them.
    var attempts: [CreateAttempt] {
        compactMap { if case .attempt(let attempt, _, _) = $0 { attempt } else { nil } }
    }

    /// Where the attempts among them go, as one text.
    var servers: String { attempts.map(\.server.text).joined(separator: " ") }

    /// Calls that were refused, with the word.
    var refusals: [String] {
        compactMap {
            if case .refuse(let id, let refusal) = $0 {
                "\(id) \(refusal.reason.rawValue)"
            } else {
                nil
            }
        }
    }
}
