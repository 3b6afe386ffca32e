// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    /// How often the machines' own invariants are looked at: they look at everything.
    private static let every = 128

    /// What holds after every event of a gateway.
    mutating func check(_ gateway: Int) throws(Violation) {
        let waiting = gateways[gateway].machine.waiting
        if waiting > plan.queueBound {
            throw Violation("lets \(waiting) wait, and \(plan.queueBound) may")
        }
        guard events % Self.every == 0 else { return }
        let machine = gateways[gateway].machine
        if machine.openCalls != gateways[gateway].open.count {
            throw Violation(
                "has \(machine.openCalls) calls, and \(gateways[gateway].open.count) were asked")
        }
        if let broken = machine.checkInvariants().first { throw Violation("is broken: \(broken)") }
    }

    /// Whoever takes a name from another process in the store takes a higher number.
    mutating func checkTaken(_ seat: Int, by epoch: ServerEpoch) {
        guard let last = entries[seat], last.process != epoch.process, last.number >= epoch.number
        else { return }
        broken = Violation("gives \(seats[seat].name) to \(epoch) after \(last)")
    }

    /// A name gives browsers through one process: whoever could not renew its claim holds back.
    mutating func checkGrant(_ process: Int) throws(Violation) {
        guard forgotAt.advanced(by: .seconds(20)) <= now else { return }
        let seat = processes[process].seat
        guard let number = processes[process].serving?.number else {
            throw Violation("gives browsers of \(seats[seat].name) without its name")
        }
        for other in seats[seat].processes.suffix(8) where processes[other].takesNew {
            guard let newer = processes[other].serving, newer.number > number,
                processes[other].servingSince.advanced(by: .milliseconds(5500)) <= now
            else { continue }
            throw Violation("gives browsers of \(seats[seat].name) by two processes")
        }
    }

    /// An attempt goes to a server that takes browsers, is there, and in its turn.
    func checkAttempt(_ attempt: CreateAttempt, by gateway: Int) throws(Violation) {
        guard let seat = places[attempt.server] else {
            throw Violation("tries a call on a server that there is not")
        }
        let (call, link) = (calls[attempt.call.number], gateways[gateway].links[seat])
        guard call.state == .open else { throw Violation("tries a call that is over") }
        if link.isDraining || link.isMarkedDrained {
            throw Violation("tries a call on \(attempt.server), which drains")
        }
        if let left = link.left, left == link.accepted {
            throw Violation("tries a call on \(attempt.server), which said good-bye")
        }
        try checkTurn(attempt.call.number, gateway)
        guard let since = awaySince(seat, link), since.advanced(by: .seconds(5)) <= now else {
            return
        }
        let isFresh = gateways[gateway].stoodStillAt.advanced(by: .seconds(5)) > now
        if isFresh || call.isBroken || link.isMarkedHealthy { return }
        if gateways[gateway].machine.isPanicking(call.call.wish) { return }
        throw Violation("tries a call on \(attempt.server), which is away since \(since)")
    }

    /// Since when a server can certainly not be reached, and not be heard either.
    private func awaySince(_ seat: Int, _ link: FleetLink) -> FleetInstant? {
        if let dead = seats[seat].deadSince { return dead }
        if link.shutUntil > now, link.deafUntil > now { return max(link.shutSince, link.deafSince) }
        guard let process = newestAlive(seat), processes[process].pausedUntil > now,
            !seats[seat].processes.contains(where: {
                processes[$0].isAlive && processes[$0].pausedUntil <= now
            })
        else { return nil }
        return max(processes[process].pausedSince, seats[seat].changedAt)
    }

    /// Of calls of one owner and class that wait for any server, the first goes first.
    private func checkTurn(_ call: Int, _ gateway: Int) throws(Violation) {
        let it = calls[call]
        guard it.call.wish == PlacementWish(), !it.isBroken else { return }
        for other in gateways[gateway].open {
            let rival = calls[other]
            guard let waits = rival.waits, waits < it.waits ?? .max, rival.attempt == nil,
                rival.call.owner == it.call.owner, rival.call.priority == it.call.priority,
                rival.call.wish == PlacementWish(), !rival.isBroken
            else { continue }
            throw Violation("serves call \(call) before \(other), which waits longer")
        }
    }

    /// From when on a call waits, if nobody tries it.
    mutating func noteWaiting(_ call: Int) {
        let it = calls[call]
        guard it.state == .open, it.attempt == nil, it.waits == nil else { return }
        waits += 1
        tally.waited += 1
        calls[call].waits = waits
    }

    /// Nobody waits longer than he would, but for an attempt that is on its way.
    func checkTime(of call: FleetCall) throws(Violation) {
        let limit = call.call.patience + plan.creates.leastPatience + .milliseconds(10)
        let late = call.askedAt.advanced(by: limit)
        guard late < now, gateways[call.gateway].stoodStillAt <= call.askedAt else { return }
        throw Violation("answers call \(call.call.id) after \(call.askedAt.duration(to: now))")
    }

    /// A gateway that hears nobody gives up nobody, and nobody gives up many at once.
    mutating func checkLoss(of name: ServerName, by gateway: Int) throws(Violation) {
        guard let seat = places[name] else { return }
        tally.lost += 1
        let present = now
        func ago(_ time: Duration) -> FleetInstant { present.advanced(by: .zero - time) }
        let links = gateways[gateway].links
        if links.allSatisfy({ $0.deafUntil > now && $0.deafSince <= ago(.milliseconds(1500)) }) {
            throw Violation("is cut off and gives up \(name)")
        }
        evictions[gateway].removeAll { $0 <= ago(.seconds(60)) }
        evictions[gateway].append(now)
        guard evictions[gateway].count <= max(1, plan.seats / 10) else {
            throw Violation("gives up \(evictions[gateway].count) servers within a minute")
        }
        guard isWell(seat, gateway, since: ago(.milliseconds(4500))),
            gateways[gateway].stoodStillAt <= ago(.milliseconds(4500))
        else { return }
        tally.falselyLost += 1
        if plan.loss == 0 { throw Violation("gives up \(name), which was there all the time") }
    }

    /// Whether a server was there and could be reached all the time.
    private func isWell(_ seat: Int, _ gateway: Int, since: FleetInstant) -> Bool {
        guard let process = newestAlive(seat) else { return false }
        let (it, link) = (processes[process], gateways[gateway].links[seat])
        // Another process of the name may be the one that is listened to, or asked, and gone.
        guard it.serving != nil, it.serving == link.accepted,
            !seats[seat].isPulled || seats[seat].changedAt <= since
        else { return false }
        return it.servingSince <= since && it.pausedUntil <= since
            && it.cutUntil[gateway] <= since && link.shutUntil <= since && link.deafUntil <= since
            && link.slowUntil <= since
    }

    func checkChange(
        of name: ServerName, to standing: ServerStanding, because reason: StandingReason,
        by gateway: Int
    ) throws(Violation) {
        guard let seat = places[name] else { return }
        let link = gateways[gateway].links[seat]
        if standing == .suspect, reason == .silent,
            link.heardAt.advanced(by: FleetPlan.limits.silence.timeout) > now
        {
            throw Violation("suspects \(name), which it heard at \(link.heardAt)")
        }
        if reason == .callsFailed, link.failures < FleetPlan.limits.outliers.failures {
            throw Violation("shuts \(name) out after \(link.failures) failed calls")
        }
    }

    /// Clients hear that their server is lost only when it was given up.
    func checkTold(_ name: ServerName, _ gateway: Int) throws(Violation) {
        guard gateways[gateway].machine.standing(of: name) != .lost else { return }
        throw Violation("ends the leases of \(name) because of an opinion")
    }
}
