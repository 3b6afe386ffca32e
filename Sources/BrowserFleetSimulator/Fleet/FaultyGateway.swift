// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// A gateway's machine as a world runs it: plain, or with a bug planted around it.
struct FaultyGateway: Sendable {
    private var machine: GatewayMachine
    private let bug: PlantedFleetBug?
    /// Of the machine, after its latest event: at hand without a look into it.
    private(set) var nextDeadline: FleetInstant?
    private(set) var waiting = 0
    private var heartbeats = 0
    private var lost: Set<ServerName> = []

    init(_ plan: FleetPlan, seed: UInt64, bug: PlantedFleetBug?) {
        self.bug = bug
        var (limits, creates) = (FleetPlan.limits, plan.creates)
        var placement = Placement(strategy: plan.strategy)
        switch bug {
        case .spendsNoBudget: limits.evictionShare = 1
        case .suspectsAtOnce: limits.silence.timeout = .milliseconds(500)
        case .suspectsLate: limits.silence.timeout = .seconds(9)
        case .overfillsQueue: creates.queueBound += 1
        case .stretchesPatience: creates.leastPatience = .seconds(4)
        case .trustsNoOpinion: placement = Placement(strategy: plan.strategy, panicThreshold: 2)
        default: break
        }
        machine = GatewayMachine(limits: limits, placement: placement, creates: creates, seed: seed)
    }

    var openCalls: Int { machine.broker.open }
    var ledger: CreateLedger { machine.broker.ledger }

    func checkInvariants() -> [String] { machine.checkInvariants() }
    func standing(of name: ServerName) -> ServerStanding? { machine.view.row(of: name)?.standing }
    func epoch(of name: ServerName) -> ServerEpoch? { machine.view.row(of: name)?.epoch }

    func owner(of prefix: ServerPrefix) -> OwnerStanding {
        let owner = machine.owner(of: prefix)
        guard bug == .misroutes, case .reachable(let name, _) = owner else { return owner }
        let other = machine.view.rows.first { $0.name != name }
        return other.map { machine.view.owner(of: $0.name.prefix) } ?? owner
    }

    /// Whether so few of the servers that a wish could mean seem well that all are considered.
    func isPanicking(_ wish: PlacementWish) -> Bool {
        let matching = machine.view.rows.filter { row in
            [.active, .suspect, .unhealthy].contains(row.standing)
                && (wish.region == nil || wish.region == row.fields.region)
                && (wish.server == nil || wish.server == row.name)
        }
        return matching.count { $0.standing == .active } * 2 < matching.count
    }

    mutating func handle(
        _ event: GatewayMachine.Event, at now: FleetInstant
    ) -> [GatewayMachine.Action] {
        defer {
            nextDeadline = bug == .forgetsTimer ? nil : machine.nextDeadline
            waiting = machine.waiting
        }
        guard let bug else { return machine.handle(event, at: now) }
        if bug == .neverReturns, let answer = deafAnswer(to: event) { return answer }
        guard let event = mutate(event, bug) else { return [] }
        let actions = machine.handle(event, at: now)
        for case .fleet(.lost(let name)) in actions { lost.insert(name) }
        return actions.flatMap { Self.mutate($0, bug) }
    }

    /// What is said to a server that was once lost, without listening.
    private func deafAnswer(to event: GatewayMachine.Event) -> [GatewayMachine.Action]? {
        switch event {
        case .fleet(.heartbeat(let heartbeat)) where lost.contains(heartbeat.server):
            [.fleet(.answer(heartbeat.server, .accepted(isDraining: false)))]
        case .fleet(.probed(let probe, _)) where lost.contains(probe.server): []
        default: nil
        }
    }

    private mutating func mutate(
        _ event: GatewayMachine.Event, _ bug: PlantedFleetBug
    ) -> GatewayMachine.Event? {
        switch (bug, event) {
        case (.losesHeartbeats, .fleet(.heartbeat)):
            heartbeats += 1
            return heartbeats % 50 == 0 ? nil : event
        case (.losesAnswers, .fleet(.probed(let probe, _))): return .fleet(.probed(probe, nil))
        case (.ignoresGoodbye, .fleet(.left)), (.ignoresMarks, .fleet(.marked)),
            (.losesCancellations, .create(.cancelled)):
            return nil
        case (.listensToOlder, .fleet(.heartbeat(var heartbeat))):
            guard let newest = epoch(of: heartbeat.server), newest.number > heartbeat.epoch.number
            else { return event }
            heartbeat.epoch = newest
            heartbeat.sequence = .max
            return .fleet(.heartbeat(heartbeat))
        case (.ignoresDrain, .fleet(.heartbeat(var heartbeat))):
            heartbeat.report.isAccepting = true
            return .fleet(.heartbeat(heartbeat))
        case (.ignoresDrain, .fleet(.probed(let probe, var answer))):
            answer?.report?.isAccepting = true
            return .fleet(.probed(probe, answer))
        case (.fullIsBroken, .create(.ended(let attempt, .full))):
            return .create(.ended(attempt, .broken))
        case (.ignoresClasses, .create(.asked(var call))):
            call.priority = call.id.number % 2 == 0 ? .low : .high
            return .create(.asked(call))
        default: return event
        }
    }

    private static func mutate(
        _ action: GatewayMachine.Action, _ bug: PlantedFleetBug
    ) -> [GatewayMachine.Action] {
        switch (bug, action) {
        case (.asksNoJury, .fleet(.silent(let name))): [action, .fleet(.lost(name))]
        case (.neverProbes, .fleet(.probe)), (.neverReleases, .create(.release)): []
        case (.forgetsRefusals, .create(.refuse(_, let refusal)))
        where refusal.reason == .queueTimeout:
            []
        case (.refusesTwice, .create(.refuse)): [action, action]
        default: [action]
        }
    }
}
