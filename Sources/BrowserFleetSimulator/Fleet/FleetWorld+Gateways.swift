// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    mutating func happenAtGateway(_ happening: Happening) throws(Violation) {
        guard let (gateway, life) = addressee(of: happening), gateways[gateway].life == life else {
            return
        }
        if case .gatewayStarts = happening { return try startGateway(gateway) }
        guard gateways[gateway].isAlive else { return }
        // Whoever stands still hears everything when it goes on.
        if gateways[gateway].pausedUntil > now {
            return agenda.add(happening, at: gateways[gateway].pausedUntil)
        }
        switch happening {
        case .beatArrives(_, _, let process, let heartbeat):
            try hear(heartbeat, from: process, at: gateway)
        case .leaves(_, _, let process, let epoch):
            try hearGoodbye(of: process, epoch, at: gateway)
        case .probeEnds(_, _, let probe, _, let answer):
            try hear(answer, to: probe, at: gateway)
        case .gatewayWakes(_, _, let due):
            // A timer that was set anew in the meantime does not fire.
            guard gateways[gateway].armed == due else { return }
            gateways[gateway].armed = nil
            try tell(gateway, .woke)
        case .gatewayEnds: endGateway(gateway)
        case .attemptEnds(let call, let attempt, let outcome, let browser):
            try end(attempt, of: call, outcome, browser, at: gateway)
        default: break
        }
    }

    private func addressee(of happening: Happening) -> (Int, Int)? {
        switch happening {
        case .beatArrives(let gateway, let life, _, _), .leaves(let gateway, let life, _, _),
            .probeEnds(let gateway, let life, _, _, _), .gatewayWakes(let gateway, let life, _),
            .gatewayEnds(let gateway, let life):
            (gateway, life)
        case .gatewayStarts(let gateway): (gateway, gateways[gateway].life)
        case .attemptEnds(let call, _, _, _): (calls[call].gateway, calls[call].life)
        default: nil
        }
    }

    private mutating func startGateway(_ gateway: Int) throws(Violation) {
        gateways[gateway].isAlive = true
        gateways[gateway].startedAt = now
        gateways[gateway].stoodStillAt = now
        for seat in seats.indices where seats[seat].isPulled {
            let endpoint = ServerEndpoint(scheme: .http, host: seats[seat].name.text, port: 0)
            try tell(
                gateway,
                .fleet(
                    .entered(
                        ServerEntry(
                            name: seats[seat].name, endpoint: endpoint, origin: .listed,
                            fields: fields(seat)))))
        }
        // Callers of an earlier life still come.
        guard gateways[gateway].life == 1, plan.callerGap > 0 else { return }
        agenda.add(.calls(gateway: gateway), at: now.advanced(by: clients.milliseconds(0...1000)))
    }

    /// A gateway is gone: who waited there is cut off, and what it knew is forgotten.
    mutating func endGateway(_ gateway: Int) {
        for call in gateways[gateway].open.sorted() { close(call, .cutOff) }
        gateways[gateway].isAlive = false
        gateways[gateway].isStopping = false
        gateways[gateway].life += 1
        gateways[gateway].armed = nil
        gateways[gateway].pausedUntil = now
        gateways[gateway].machine = newMachine()
        for seat in seats.indices { gateways[gateway].links[seat].forget() }
        evictions[gateway] = []
        agenda.add(
            .gatewayStarts(gateway: gateway), at: now.advanced(by: servers.milliseconds(0...1000)))
    }

    /// Tells a gateway's machine, carries out what it wants, and sets its timer.
    @discardableResult
    mutating func tell(
        _ gateway: Int, _ event: GatewayMachine.Event
    ) throws(Violation) -> [GatewayMachine.Action] {
        events += 1
        let actions = gateways[gateway].machine.handle(event, at: now)
        trace.note(gateway, event, actions, at: now)
        for action in actions {
            switch action {
            case .fleet(let action): try carryOut(action, at: gateway)
            case .create(let action): try carryOut(action, at: gateway)
            }
        }
        try check(gateway)
        arm(gateway)
        return actions
    }

    private mutating func arm(_ gateway: Int) {
        guard let deadline = gateways[gateway].machine.nextDeadline else { return }
        if let armed = gateways[gateway].armed, armed <= deadline { return }
        gateways[gateway].armed = deadline
        agenda.add(
            .gatewayWakes(gateway: gateway, life: gateways[gateway].life, due: deadline),
            at: max(now, deadline))
    }

    private mutating func carryOut(
        _ action: FleetView.Action, at gateway: Int
    ) throws(Violation) {
        switch action {
        case .answer, .silent: break
        case .probe(let probe): send(probe, from: gateway)
        case .lost(let name):
            try checkLoss(of: name, by: gateway)
            tellClients(of: name, at: gateway)
        case .returned: tally.returned += 1
        case .replaced(let name, _):
            tally.replaced += 1
            tellClients(of: name, at: gateway)
        case .changed(let name, _, let standing, let reason):
            try checkChange(of: name, to: standing, because: reason, by: gateway)
            if bug == .endsLeasesByOpinion, standing == .unhealthy {
                try checkTold(name, gateway)
                tellClients(of: name, at: gateway)
            }
        }
    }

    /// Connections to browsers of a server that is given up, or was replaced, are closed.
    private mutating func tellClients(of name: ServerName, at gateway: Int) {
        guard let seat = places[name] else { return }
        let current = gateways[gateway].links[seat].accepted
        for process in seats[seat].processes.suffix(3) {
            let isCurrent = processes[process].serving == current
            if isCurrent, gateways[gateway].machine.standing(of: name) != .lost { continue }
            for browser in processes[process].browsers.sorted()
            where browsers[browser].gateway == gateway && browsers[browser].isClaimed {
                forsake(browser)
            }
        }
    }

    private mutating func send(_ probe: Probe, from gateway: Int) {
        guard let seat = places[probe.server] else { return }
        let (link, life) = (gateways[gateway].links[seat], gateways[gateway].life)
        let process = process(at: probe.endpoint, seat)
        // A packet that opens a connection and is lost comes too late when it is sent again.
        let isDropped = !isOver && plan.loss > 0 && network.chance(plan.loss * 2)
        let isRefused = process == nil && network.chance(500)
        guard let process, !isShut(gateway, from: process), !isDropped else {
            let time = isRefused ? Duration.milliseconds(1) : probe.patience
            return agenda.add(
                .probeEnds(gateway: gateway, life: life, probe, process: nil, nil),
                at: now.advanced(by: time))
        }
        agenda.add(
            .probeArrives(gateway: gateway, life: life, process: process, probe, sent: now),
            at: now.advanced(by: delay(link)))
    }

    private mutating func carryOut(
        _ action: CreateBroker.Action, at gateway: Int
    ) throws(Violation) {
        switch action {
        case .attempt(let attempt, let patience, _):
            try checkAttempt(attempt, by: gateway)
            try send(attempt, from: gateway, within: patience)
        case .abandon(let attempt): try abandon(attempt, at: gateway)
        case .release(let attempt):
            tally.released += 1
            let late = arriving?.browser
            guard let late, browsers[late].attempt == attempt else {
                throw Violation("gives back a browser that did not come")
            }
            arriving = nil
            forsake(late)
        case .answer(let attempt): try answer(attempt, at: gateway)
        case .refuse(let id, _): try close(id, at: gateway, .refused)
        }
    }

    private mutating func send(
        _ attempt: CreateAttempt, from gateway: Int, within patience: Duration
    ) throws(Violation) {
        let call = attempt.call.number
        guard calls[call].attempt == nil else { throw Violation("tries a call on two servers") }
        calls[call].attempt = attempt
        calls[call].attemptEnds = now.advanced(by: patience)
        calls[call].owed.insert(attempt.number)
        guard let seat = places[attempt.server], let endpoint = attempt.endpoint else { return }
        // The driver's own deadline, a little before the machine's.
        agenda.add(
            .attemptEnds(call: call, attempt, .broken, browser: nil),
            at: now.advanced(by: patience - .milliseconds(1)))
        let link = gateways[gateway].links[seat]
        let process = process(at: endpoint, seat)
        guard let process, !isShut(gateway, from: process) else {
            let time = process == nil ? Duration.milliseconds(1) : .seconds(2)
            return agenda.add(
                .attemptEnds(call: call, attempt, .unreachable, browser: nil),
                at: now.advanced(by: time))
        }
        agenda.add(
            .createArrives(process: process, call: call, attempt),
            at: now.advanced(by: keptDelay(link)))
    }
}
