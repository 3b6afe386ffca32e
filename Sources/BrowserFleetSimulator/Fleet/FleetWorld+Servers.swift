// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    mutating func happenAtServer(_ happening: Happening) throws(Violation) {
        switch happening {
        case .starts(let seat): start(seat)
        case .claims(let process, let event): tellClaim(of: process, event)
        case .claimWakes(let process): tellClaim(of: process, .woke)
        case .beats(let process): beat(process)
        case .refused(let process, let newest): refuse(process, newest: newest)
        case .told(let process, let isDraining): processes[process].isDrained = isDraining
        case .ends(let process): leave(process)
        case .createArrives(let process, let call, let attempt):
            try create(process, call, attempt)
        case .browserUp(let browser): comeUp(browser)
        case .reaps(let browser): reap(browser)
        case .probeArrives(let gateway, let life, let process, let probe, let sent):
            answer(probe, from: gateway, life, process, sent: sent)
        default: break
        }
    }

    /// What a server says of itself.
    func report(_ process: Int) -> ServerReport {
        let it = processes[process]
        var report = ServerReport(capacity: plan.capacity, startedAt: 0, version: "simulated")
        report.leased = it.browsers.count
        report.isAccepting = it.takesNew
        if !it.takesNew { report.reason = it.isLeaving || it.isDrained ? "draining" : "unsure" }
        return report
    }

    func endpoint(_ process: Int) -> ServerEndpoint {
        ServerEndpoint(
            scheme: .http, host: seats[processes[process].seat].name.text,
            port: UInt16(truncatingIfNeeded: process + 1))
    }

    /// Who listens at an endpoint: port 0 is whatever process of the name lives.
    func process(at endpoint: ServerEndpoint, _ seat: Int) -> Int? {
        guard endpoint.port > 0 else { return newestAlive(seat) }
        let process = Int(endpoint.port) - 1
        return processes[process].isAlive ? process : nil
    }

    private mutating func beat(_ process: Int) {
        guard processes[process].isAlive else { return }
        if processes[process].pausedUntil > now {
            return agenda.add(.beats(process: process), at: processes[process].pausedUntil)
        }
        agenda.add(.beats(process: process), at: now.advanced(by: .seconds(1)))
        sendHeartbeats(process)
    }

    /// One heartbeat to every gateway, over connections that are kept: they arrive in order, and
    /// what is lost is sent again after a while.
    mutating func sendHeartbeats(_ process: Int) {
        let seat = processes[process].seat
        guard let epoch = processes[process].serving, !seats[seat].isPulled else { return }
        processes[process].sequence += 1
        let heartbeat = Heartbeat(
            server: seats[seat].name, endpoint: endpoint(process), epoch: epoch,
            sequence: processes[process].sequence, fields: fields(seat), report: report(process))
        for gateway in gateways.indices where gateways[gateway].isAlive {
            let link = gateways[gateway].links[seat]
            guard !isDeaf(gateway, to: process) else { continue }
            let arrival = max(link.beatsUntil, now.advanced(by: keptDelay(link)))
            gateways[gateway].links[seat].beatsUntil = arrival
            agenda.add(
                .beatArrives(
                    gateway: gateway, life: gateways[gateway].life, process: process, heartbeat),
                at: arrival)
        }
    }

    func fields(_ seat: Int) -> ServerFields {
        var fields = ServerFields()
        fields.region = seats[seat].region
        return fields
    }

    /// A process that ends in good order says good-bye, and its successor starts.
    private mutating func leave(_ process: Int) {
        guard processes[process].isAlive else { return }
        if processes[process].pausedUntil > now {
            return agenda.add(.ends(process: process), at: processes[process].pausedUntil)
        }
        let seat = processes[process].seat
        if let epoch = processes[process].serving {
            for gateway in gateways.indices where gateways[gateway].isAlive {
                let link = gateways[gateway].links[seat]
                guard !isDeaf(gateway, to: process) else { continue }
                let arrival = max(link.beatsUntil, now.advanced(by: keptDelay(link)))
                agenda.add(
                    .leaves(
                        gateway: gateway, life: gateways[gateway].life, process: process, epoch),
                    at: arrival)
            }
        }
        tellClaim(of: process, .leave)
        endProcess(process)
        agenda.add(.starts(seat: seat), at: now.advanced(by: servers.milliseconds(0...1000)))
    }

    /// A process is gone, and its browsers with it.
    mutating func endProcess(_ process: Int) {
        guard processes[process].isAlive else { return }
        trace.tell("process \(process) ends", at: now)
        processes[process].isAlive = false
        processes[process].serving = nil
        for browser in processes[process].browsers { browsers[browser].isEnded = true }
        processes[process].browsers = []
        let seat = processes[process].seat
        seats[seat].changedAt = now
        guard newestAlive(seat) == nil else { return }
        seats[seat].deadSince = now
        // Whoever watches over processes starts another one, however the last one ended.
        if isOver { agenda.add(.starts(seat: seat), at: now.advanced(by: .milliseconds(500))) }
    }

    private mutating func answer(
        _ probe: Probe, from gateway: Int, _ life: Int, _ process: Int, sent: FleetInstant
    ) {
        let deadline = sent.advanced(by: probe.patience)
        func end(at instant: FleetInstant, _ answer: ProbeAnswer?) {
            let ending = Happening.probeEnds(
                gateway: gateway, life: life, probe, process: process, answer)
            agenda.add(ending, at: min(max(now, instant), deadline))
        }
        let it = processes[process]
        if it.isAlive, it.pausedUntil > now {
            guard it.pausedUntil < deadline else { return end(at: deadline, nil) }
            return agenda.add(
                .probeArrives(
                    gateway: gateway, life: life, process: process, probe, sent: sent),
                at: it.pausedUntil)
        }
        let link = gateways[gateway].links[it.seat]
        guard it.isAlive, let epoch = it.serving else { return end(at: now, nil) }
        if let newest = probe.newest, newest.process != epoch.process,
            newest.number >= epoch.number
        {
            refuse(process, newest: newest.number)
        }
        let arrival = now.advanced(by: delay(link))
        guard !isDeaf(gateway, to: process), arrival < deadline else {
            return end(at: deadline, nil)
        }
        end(
            at: arrival,
            ProbeAnswer(
                responseTime: sent.duration(to: arrival), epoch: epoch, report: report(process)))
    }
}

extension FleetWorld {
    /// Whether what a process sends does not reach a gateway.
    func isDeaf(_ gateway: Int, to process: Int) -> Bool {
        let it = processes[process]
        return it.cutUntil[gateway] > now || gateways[gateway].links[it.seat].deafUntil > now
    }

    /// Whether what a gateway sends does not reach a process.
    func isShut(_ gateway: Int, from process: Int) -> Bool {
        let it = processes[process]
        return it.cutUntil[gateway] > now || gateways[gateway].links[it.seat].shutUntil > now
    }

    /// How long one packet takes.
    mutating func delay(_ link: FleetLink) -> Duration {
        network.milliseconds(link.slowUntil > now ? 50...400 : 1...3)
    }

    /// The same on a connection that is kept: what is lost is sent again, each time later.
    mutating func keptDelay(_ link: FleetLink) -> Duration {
        var sum = delay(link)
        var again = Duration.milliseconds(200)
        while !isOver, plan.loss > 0, network.chance(plan.loss), again < .seconds(4) {
            sum += again
            again = again * 2
        }
        return sum
    }
}
