// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    mutating func hear(
        _ heartbeat: Heartbeat, from process: Int, at gateway: Int
    ) throws(Violation) {
        let seat = processes[process].seat
        let before = gateways[gateway].links[seat]
        // What had to be sent again does not come through a way that is cut by now.
        guard !isDeaf(gateway, to: process) else { return }
        gateways[gateway].links[seat].hear(heartbeat.epoch, heartbeat.report)
        let actions = try tell(gateway, .fleet(.heartbeat(heartbeat)))
        var answers: [HeartbeatAnswer] = []
        for case .fleet(.answer(let name, let answer)) in actions where name == heartbeat.server {
            answers.append(answer)
        }
        guard answers.count == 1, let answer = answers.first else {
            throw Violation("answers a heartbeat \(answers.count) times")
        }
        let isShut = isShut(gateway, from: process)
        let arrival = now.advanced(by: delay(gateways[gateway].links[seat]))
        switch answer {
        case .tooMany: throw Violation("has too many servers at \(seats.count)")
        case .stale(let newest):
            tally.stale += 1
            gateways[gateway].links[seat].take(back: before)
            if !isShut { agenda.add(.refused(process: process, newest: newest), at: arrival) }
        case .accepted(let isDraining):
            try noteAccepted(heartbeat.epoch, after: before.accepted, seat, at: gateway)
            guard isDraining != processes[process].isDrained, !isShut else { return }
            agenda.add(.told(process: process, isDraining: isDraining), at: arrival)
        }
    }

    mutating func hearGoodbye(
        of process: Int, _ epoch: ServerEpoch, at gateway: Int
    ) throws(Violation) {
        let seat = processes[process].seat
        if gateways[gateway].links[seat].accepted == epoch {
            gateways[gateway].links[seat].left = epoch
        }
        try tell(gateway, .fleet(.left(seats[seat].name, epoch)))
    }

    mutating func hear(
        _ answer: ProbeAnswer?, to probe: Probe, at gateway: Int
    ) throws(Violation) {
        guard let seat = places[probe.server], let epoch = answer?.epoch,
            let report = answer?.report
        else {
            try tell(gateway, .fleet(.probed(probe, answer)))
            return
        }
        let before = gateways[gateway].links[seat]
        gateways[gateway].links[seat].hear(epoch, report)
        try tell(gateway, .fleet(.probed(probe, answer)))
        // Whether it was listened to shows in what the gateway knows.
        guard gateways[gateway].machine.epoch(of: probe.server) == epoch else {
            return gateways[gateway].links[seat].take(back: before)
        }
        try noteAccepted(epoch, after: before.accepted, seat, at: gateway)
    }

    /// What a gateway listens to only ever gets newer, and a number stands for one process.
    private mutating func noteAccepted(
        _ epoch: ServerEpoch, after last: ServerEpoch?, _ seat: Int, at gateway: Int
    ) throws(Violation) {
        if let last, last != epoch, epoch.number <= last.number {
            throw Violation("listens to \(epoch) of \(seats[seat].name) after \(last)")
        }
        gateways[gateway].links[seat].accepted = epoch
        // What was said before the good-bye may come after it.
        guard gateways[gateway].links[seat].left != epoch else { return }
        gateways[gateway].links[seat].heardAt = now
    }

    /// A driver's exchange with a server is over: the first outcome counts.
    mutating func end(
        _ attempt: CreateAttempt, of call: Int, _ outcome: AttemptOutcome, _ browser: Int?,
        at gateway: Int
    ) throws(Violation) {
        guard calls[call].owed.remove(attempt.number) != nil else { return }
        guard let seat = places[attempt.server] else { return }
        let isWanted = calls[call].attempt == attempt
        if isWanted {
            calls[call].attempt = nil
            noteCall(seat, by: gateway, failed: outcome.isFailure)
            if outcome.isFailure { calls[call].isBroken = true }
        }
        if outcome.isFailure { tally.failures += 1 }
        arriving = Arrival(attempt: attempt, outcome: outcome, browser: browser)
        try tell(gateway, .create(.ended(attempt, outcome)))
        let isLeft = arriving != nil
        arriving = nil
        if outcome == .made, isLeft { throw Violation("forgets a browser that came") }
        noteWaiting(call)
    }

    mutating func noteCall(_ seat: Int, by gateway: Int, failed: Bool) {
        let failures = gateways[gateway].links[seat].failures
        gateways[gateway].links[seat].failures = failed ? failures + 1 : 0
    }

    /// A call is answered with what an attempt brought.
    mutating func answer(_ attempt: CreateAttempt, at gateway: Int) throws(Violation) {
        guard let arrival = arriving, arrival.attempt == attempt else {
            throw Violation("answers call \(attempt.call) with what did not come")
        }
        arriving = nil
        let isMade = arrival.outcome == .made
        guard isMade || arrival.outcome == .rejected else {
            throw Violation("answers call \(attempt.call) with \(arrival.outcome.rawValue)")
        }
        try close(attempt.call, at: gateway, isMade ? .made : .refused)
        guard isMade, let browser = arrival.browser else { return }
        tally.made += 1
        guard !browsers[browser].isEnded else { return }
        browsers[browser].isClaimed = true
        agenda.add(
            .releases(browser: browser), at: now.advanced(by: clients.milliseconds(300...3000)))
    }

    /// A call has its one answer.
    mutating func close(
        _ id: RequestID, at gateway: Int, _ state: FleetCall.State
    ) throws(Violation) {
        let call = calls[id.number]
        guard call.state == .open, call.gateway == gateway else {
            throw Violation("answers call \(id) again")
        }
        try checkTime(of: call)
        calls[id.number].attempt = nil
        close(id.number, state)
    }

    mutating func abandon(_ attempt: CreateAttempt, at gateway: Int) throws(Violation) {
        let call = attempt.call.number
        guard let seat = places[attempt.server] else { return }
        guard calls[call].attempt == attempt else {
            throw Violation("abandons an attempt that is not on its way")
        }
        calls[call].attempt = nil
        calls[call].isBroken = true
        if let end = calls[call].attemptEnds, end <= now {
            noteCall(seat, by: gateway, failed: true)
        }
    }
}

/// What a driver's exchange brought, until the machine said what becomes of it.
struct Arrival: Sendable {
    var attempt: CreateAttempt
    var outcome: AttemptOutcome
    var browser: Int?
}
