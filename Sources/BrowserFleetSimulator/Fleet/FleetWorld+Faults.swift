// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    /// One thing goes wrong, and the next is planned.
    mutating func fault() throws(Violation) {
        guard isStormy, !isOver else { return }
        faults += 1
        agenda.add(.fault, at: now.advanced(by: fate.milliseconds(1...plan.faultGap * 2)))
        let seat = fate.number(0...plan.seats - 1)
        let gateway = fate.number(0...plan.gateways - 1)
        if plan.isQuiet { return pause(seat, for: fate.milliseconds(1...2000)) }
        let kind = Fault.drawn[fate.number(0...Fault.drawn.count - 1)]
        trace.tell("fault: \(kind) at \(seats[seat].name) or gateway \(gateway)", at: now)
        switch kind {
        case .link: breakLink(gateway, seat)
        case .isolatedGateway: isolate(gateway: gateway)
        case .isolatedServer: isolate(seat: seat)
        case .pause: pause(seat, for: time())
        case .gatewayPause: pauseGateway(gateway, for: time())
        case .kill: kill(seat)
        case .restart: restart(seat)
        case .secondStart: agenda.add(.starts(seat: seat), at: now)
        case .clockJump: seats[seat].clockError += Int64(fate.number(-60000...60000))
        case .lostMemory: loseMemory(seat)
        case .storeAway: storeAwayUntil = now.advanced(by: time())
        case .lostStore: loseStore(seat)
        case .splitBrain: splitBrain(seat, gateway)
        case .brokenServer: seats[seat].isBrokenUntil = now.advanced(by: time())
        case .mark: try mark(seat, at: gateway)
        case .gatewayStop: try stopGateway(gateway)
        case .gatewayKill: if fate.chance(300) { killGateway(gateway) }
        }
    }

    /// What goes wrong in a storm.
    private enum Fault: String, CaseIterable {
        case link, isolatedGateway, isolatedServer, pause, gatewayPause, kill, restart
        case secondStart, clockJump, lostMemory, storeAway, lostStore, splitBrain
        case brokenServer, mark, gatewayStop, gatewayKill

        /// Each as often as it is drawn.
        static let drawn = allCases.flatMap { Array(repeating: $0, count: $0.share) }

        private var share: Int {
            switch self {
            case .link: 12
            case .pause: 3
            case .gatewayPause, .kill: 2
            case .isolatedGateway, .isolatedServer, .restart, .secondStart, .clockJump,
                .lostMemory, .storeAway, .lostStore, .splitBrain, .brokenServer, .mark,
                .gatewayStop, .gatewayKill:
                1
            }
        }
    }

    /// Mostly short, sometimes longer than anybody's patience.
    private mutating func time() -> Duration {
        switch fate.number(0...19) {
        case 0: fate.milliseconds(3000...12_000)
        case 1...4: fate.milliseconds(400...2000)
        default: fate.milliseconds(20...300)
        }
    }

    private mutating func breakLink(_ gateway: Int, _ seat: Int) {
        let time = time()
        switch fate.number(0...3) {
        case 0: gateways[gateway].links[seat].shut(from: now, for: time)
        case 1: gateways[gateway].links[seat].deafen(from: now, for: time)
        case 2: gateways[gateway].links[seat].slowUntil = now.advanced(by: time)
        default: cut(gateway, seat, for: time)
        }
    }

    private mutating func cut(_ gateway: Int, _ seat: Int, for time: Duration) {
        gateways[gateway].links[seat].shut(from: now, for: time)
        gateways[gateway].links[seat].deafen(from: now, for: time)
    }

    private mutating func isolate(gateway: Int) {
        let time = fate.milliseconds(500...15_000)
        for seat in seats.indices { cut(gateway, seat, for: time) }
    }

    private mutating func isolate(seat: Int) {
        let time = fate.milliseconds(500...15_000)
        for gateway in gateways.indices { cut(gateway, seat, for: time) }
        for process in seats[seat].processes.suffix(2) {
            processes[process].losesStoreUntil = now.advanced(by: time)
        }
    }

    private mutating func pause(_ seat: Int, for time: Duration) {
        guard let process = newestAlive(seat), processes[process].pausedUntil <= now else { return }
        processes[process].pausedSince = now
        processes[process].pausedUntil = now.advanced(by: time)
    }

    private mutating func pauseGateway(_ gateway: Int, for time: Duration) {
        guard gateways[gateway].isAlive, gateways[gateway].pausedUntil <= now else { return }
        gateways[gateway].pausedUntil = now.advanced(by: time)
        gateways[gateway].stoodStillAt = gateways[gateway].pausedUntil
    }

    private mutating func kill(_ seat: Int) {
        guard let process = newestAlive(seat) else { return }
        endProcess(process)
        agenda.add(.starts(seat: seat), at: now.advanced(by: time()))
    }

    /// A process ends in good order, as in a rolling restart.
    private mutating func restart(_ seat: Int) {
        guard let process = newestAlive(seat), !processes[process].isLeaving else { return }
        processes[process].isLeaving = true
        agenda.add(.ends(process: process), at: now.advanced(by: fate.milliseconds(200...3000)))
    }

    private mutating func loseStore(_ seat: Int) {
        guard let process = newestAlive(seat) else { return }
        let until = now.advanced(by: time())
        switch fate.number(0...1) {
        case 0: processes[process].losesStoreUntil = until
        default: processes[process].losesAnswersUntil = until
        }
    }

    /// A second process comes while the first is cut off from the store, and a gateway does not
    /// hear of it: there the first is all there is.
    private mutating func splitBrain(_ seat: Int, _ gateway: Int) {
        guard plan.hasStore, let first = newestAlive(seat) else { return }
        let until = now.advanced(by: fate.milliseconds(1000...12_000))
        processes[first].losesStoreUntil = until
        start(seat)
        guard let second = newestAlive(seat), second != first else { return }
        processes[second].cutUntil[gateway] = until
    }

    /// A disk, the store's memory, or both, and a clock that starts in the past.
    private mutating func loseMemory(_ seat: Int) {
        forgotAt = now
        switch fate.number(0...3) {
        case 0: seats[seat].persisted = nil
        case 1: entries[seat] = nil
        case 2: for seat in seats.indices { entries[seat] = nil }
        default:
            (seats[seat].persisted, entries[seat]) = (nil, nil)
            seats[seat].clockError -= 60_000
            kill(seat)
        }
    }

    private mutating func mark(_ seat: Int, at gateway: Int) throws(Violation) {
        guard gateways[gateway].isAlive, gateways[gateway].pausedUntil <= now else { return }
        let mark = fate.pick(ServerMark.allCases)
        try self.mark(seat, mark, at: gateway)
    }

    private mutating func mark(
        _ seat: Int, _ mark: ServerMark, at gateway: Int
    ) throws(Violation) {
        guard gateways[gateway].machine.standing(of: seats[seat].name) != nil else { return }
        switch mark {
        case .drain: gateways[gateway].links[seat].isMarkedDrained = true
        case .activate: gateways[gateway].links[seat].isMarkedDrained = false
        case .healthy: gateways[gateway].links[seat].isMarkedHealthy = true
        case .unhealthy, .byChecks: gateways[gateway].links[seat].isMarkedHealthy = false
        }
        try tell(gateway, .fleet(.marked(seats[seat].name, mark)))
    }

    /// A gateway ends in good order: nothing new is taken, what is on its way may arrive.
    private mutating func stopGateway(_ gateway: Int) throws(Violation) {
        guard gateways[gateway].isAlive, gateways[gateway].pausedUntil <= now,
            !gateways[gateway].isStopping
        else { return }
        gateways[gateway].isStopping = true
        try tell(gateway, .create(.stop))
        agenda.add(
            .gatewayEnds(gateway: gateway, life: gateways[gateway].life),
            at: now.advanced(by: .seconds(2)))
    }

    private mutating func killGateway(_ gateway: Int) {
        guard gateways[gateway].isAlive else { return }
        endGateway(gateway)
    }

    mutating func heal(_ seat: Int) {
        seats[seat].isBrokenUntil = now
        for process in seats[seat].processes where processes[process].isAlive {
            processes[process].losesStoreUntil = now
            processes[process].losesAnswersUntil = now
            for gateway in gateways.indices { processes[process].cutUntil[gateway] = now }
        }
        for gateway in gateways.indices { gateways[gateway].links[seat].heal(at: now) }
    }

    /// Everything works again. Whoever stands still goes on by itself; whoever ends or starts is
    /// let finish.
    mutating func recover() throws(Violation) {
        isOver = true
        storeAwayUntil = now
        for seat in seats.indices { heal(seat) }
        let pauses = processes.filter(\.isAlive).map(\.pausedUntil) + gateways.map(\.pausedUntil)
        let last = max(now, pauses.max() ?? now)
        try live(for: now.duration(to: last) + .seconds(4))
        for seat in seats.indices where newestAlive(seat) == nil {
            agenda.add(.starts(seat: seat), at: now)
        }
        for gateway in gateways.indices {
            for seat in seats.indices {
                try mark(seat, .activate, at: gateway)
                try mark(seat, .byChecks, at: gateway)
            }
        }
    }
}
