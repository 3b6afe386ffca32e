// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension World {
    mutating func tellInbox() throws(Violation) {
        while !inbox.isEmpty { try tell(inbox.removeFirst()) }
    }

    /// The driver's funnel: one event in, its actions carried out, and at times the event again or
    /// with a clock that was read before another thread's.
    mutating func tell(_ event: PoolMachine.Event) throws(Violation) {
        let isEarly = driverDice.chance(scenario.echoes)
        let instant = isEarly ? now.advanced(by: .milliseconds(-2)) : now
        try handle(event, at: instant)
        if isEarly { faults += 1 }
        if driverDice.chance(scenario.echoes), event.mayEcho {
            faults += 1
            try handle(event, at: now)
        }
        try tellInbox()
    }

    private mutating func handle(
        _ event: PoolMachine.Event, at instant: FleetInstant
    ) throws(Violation) {
        events += 1
        try noticeOversleeping()
        model.told(event, at: instant)
        let actions = pool.handle(event, at: instant)
        self.actions += actions.count
        trace.note(event, actions, at: instant)
        for action in actions {
            try model.check(action)
            try carryOut(action)
        }
        answerProbesBeforeSettling(actions)
        if inbox.isEmpty { try model.settled(pool.counts) }
        if let broken = pool.checkInvariants().first { throw Violation(broken) }
        try armTimer()
    }

    /// A driver that arms its timer is never late by more than the timer, but for a leap.
    private mutating func noticeOversleeping() throws(Violation) {
        let allowance = Duration.milliseconds(50)
        if !hasLeapt {
            let latest = model.earliestDuty.advanced(by: allowance)
            try model.require(latest >= now, "sleeps through a deadline")
        }
        hasLeapt = false
    }

    /// A probe's answer is due at once, so the model settles only after it.
    private mutating func answerProbesBeforeSettling(_ actions: [PoolMachine.Action]) {
        for action in actions {
            if case .probeActivity(let lease) = action { answerProbe(lease) }
        }
    }

    private mutating func armTimer() throws(Violation) {
        guard let deadline = pool.nextDeadline else {
            timer = nil
            return
        }
        wakesInPlace = deadline <= now ? wakesInPlace + 1 : 0
        try model.require(wakesInPlace < 10, "spins on a deadline that has passed")
        guard timer?.deadline != deadline else { return }
        let lateness = driverDice.milliseconds(0...2)
        timer = (deadline, max(now, deadline).advanced(by: lateness))
    }
}

extension PoolMachine.Event {
    /// Whether a driver may tell it twice: all but a request, which is a new one each time.
    fileprivate var mayEcho: Bool {
        if case .requested = self { return false }
        return true
    }
}
