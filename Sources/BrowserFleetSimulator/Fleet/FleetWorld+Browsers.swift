// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    /// How long an unclaimed browser, or one whose client is gone, lives on.
    static let reaping = Duration.milliseconds(4500)

    /// A create call arrives at a server, which answers at once whether it has room.
    mutating func create(
        _ process: Int, _ call: Int, _ attempt: CreateAttempt
    ) throws(Violation) {
        guard processes[process].isAlive else {
            return answer(call, attempt, .broken, from: process, after: .milliseconds(1))
        }
        if processes[process].pausedUntil > now {
            return agenda.add(
                .createArrives(process: process, call: call, attempt),
                at: processes[process].pausedUntil)
        }
        // Whoever stood still hears first how late it is.
        if let due = processes[process].claim?.nextDeadline, due <= now {
            tellClaim(of: process, .woke)
        }
        let seat = processes[process].seat
        if seats[seat].isBrokenUntil > now {
            return answer(call, attempt, .broken, from: process, after: .milliseconds(20))
        }
        guard processes[process].takesNew else {
            return answer(call, attempt, .declined, from: process, after: .zero)
        }
        guard processes[process].browsers.count < plan.capacity else {
            return answer(call, attempt, .full, from: process, after: .zero)
        }
        if calls[call].call.wish.key == Self.badKey {
            return answer(call, attempt, .rejected, from: process, after: .zero)
        }
        try checkGrant(process)
        let browser = browsers.count
        browsers.append(
            FleetBrowser(process: process, attempt: attempt, gateway: calls[call].gateway))
        processes[process].browsers.insert(browser)
        let isSlow = servers.chance(30) && !isOver
        let time = servers.milliseconds(isSlow ? 1000...5000 : 50...600)
        agenda.add(.browserUp(browser: browser), at: now.advanced(by: time))
    }

    mutating func comeUp(_ browser: Int) {
        let process = browsers[browser].process
        guard !browsers[browser].isEnded else { return }
        if processes[process].pausedUntil > now {
            return agenda.add(.browserUp(browser: browser), at: processes[process].pausedUntil)
        }
        browsers[browser].isUp = true
        agenda.add(.reaps(browser: browser), at: now.advanced(by: Self.reaping))
        let attempt = browsers[browser].attempt
        answer(attempt.call.number, attempt, .made, from: process, after: .zero, browser)
    }

    /// An answer on its way back; if it cannot come, the driver's own deadline ends the attempt.
    private mutating func answer(
        _ call: Int, _ attempt: CreateAttempt, _ outcome: AttemptOutcome, from process: Int,
        after time: Duration, _ browser: Int? = nil
    ) {
        let gateway = calls[call].gateway
        let link = gateways[gateway].links[processes[process].seat]
        guard !isDeaf(gateway, to: process) else { return }
        let arrival = now.advanced(by: time + delay(link))
        agenda.add(
            .attemptEnds(call: call, attempt, outcome, browser: browser), at: arrival)
    }

    /// What nobody ever came for, or nobody comes back to, ends by itself.
    mutating func reap(_ browser: Int) {
        guard !browsers[browser].isEnded else { return }
        let process = browsers[browser].process
        if processes[process].pausedUntil > now {
            return agenda.add(.reaps(browser: browser), at: processes[process].pausedUntil)
        }
        if !browsers[browser].isClaimed || browsers[browser].isForsaken { end(browser) }
    }

    mutating func end(_ browser: Int) {
        guard !browsers[browser].isEnded else { return }
        let process = browsers[browser].process
        browsers[browser].isEnded = true
        let wasFull = processes[process].browsers.count == plan.capacity
        processes[process].browsers.remove(browser)
        // Gateways hear at once that there is room again, but not all the time.
        guard wasFull, processes[process].hurriedAt.advanced(by: .milliseconds(50)) <= now else {
            return
        }
        processes[process].hurriedAt = now
        sendHeartbeats(process)
    }

    /// The client of a browser is gone without having given it back.
    mutating func forsake(_ browser: Int) {
        guard !browsers[browser].isEnded, !browsers[browser].isForsaken else { return }
        browsers[browser].isForsaken = true
        agenda.add(.reaps(browser: browser), at: now.advanced(by: Self.reaping))
    }
}
