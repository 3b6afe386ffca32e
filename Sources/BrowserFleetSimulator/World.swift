// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// One server in virtual time: callers, browsers, a clock that may leap, and a driver that runs the
/// pool as the real one does. After every event the model and the machine's invariants are asked.
struct World: Sendable {
    /// What happens by itself.
    enum Happening: Sendable {
        case arrival
        case leaves(RequestID)
        case launchAnswers(SlotID, succeeds: Bool)
        case browserBreaks(SlotID)
        case browserIsGone(SlotID)
        case clientMoves(LeaseID)
        case clientComes(LeaseID)
        case clientGoes(LeaseID, ConnectionID)
        case memoryGrows(SlotID)
        case sample
        case leap(Duration)
        case drain
        case resume
        case stop
    }

    let scenario: Scenario
    var pool: FaultyPool
    var model: PoolModel
    var agenda = Agenda<Happening>()
    var trace: Trace
    var now = FleetInstant.origin
    /// Separate dice, so that a client that draws once more changes no launch.
    var callerDice: Dice
    var browserDice: Dice
    var clientDice: Dice
    var driverDice: Dice
    /// Whether things still go wrong and callers still come.
    var isLively = true
    var isBusy = false
    var requests = 0
    var connections = 0
    /// Events the driver has yet to tell, in order.
    var inbox: [PoolMachine.Event] = []
    /// Slots whose end is on its way, so that it is told once.
    var going: Set<SlotID> = []
    /// When anything last moved on a lease and how many watch: what a probe is answered with.
    var activity: [LeaseID: (last: FleetInstant, viewers: Int)] = [:]
    /// Whether the clock leapt since the pool was last told something.
    var hasLeapt = false
    private(set) var events = 0
    private(set) var actions = 0
    /// When the armed timer fires: the deadline plus a little lateness.
    private var timer: (deadline: FleetInstant, fires: FleetInstant)?
    private var wakesInPlace = 0

    init(seed: UInt64, bug: PlantedBug?, keepsText: Bool) {
        var dice = Dice(seed: seed)
        scenario = Scenario(&dice)
        callerDice = dice.split()
        browserDice = dice.split()
        clientDice = dice.split()
        driverDice = dice.split()
        pool = FaultyPool(configuration: scenario.configuration, seed: seed, bug: bug)
        model = PoolModel(configuration: scenario.configuration)
        trace = Trace(keepsText: keepsText)
        plan(&dice)
    }

    /// Lives through the lively time, the settling, and a last drain.
    mutating func run() throws(Violation) {
        try tell(.started)
        try live(until: FleetInstant.origin.advanced(by: scenario.length))
        isLively = false
        if isBusy { setBusy(false) }
        try live(until: now.advanced(by: settling))
        try model.require(model.waiting.isEmpty, "leaves callers waiting for ever")
        try tell(.resume)
        try tell(.drain(by: now.advanced(by: .seconds(5))))
        try live(until: now.advanced(by: settling))
        try model.require(model.browsers.isEmpty, "has slots that never come free")
        try model.require(model.saidDrained, "never says that it has drained")
        try model.require(pool.nextDeadline == nil, "wants to be woken though nothing is left")
    }

    /// More than any deadline of a scenario, and three times what a hung launch or end takes.
    private var settling: Duration { .seconds(60) }

    private mutating func live(until end: FleetInstant) throws(Violation) {
        while let next = nextInstant, next <= end {
            if let timer, timer.fires <= agenda.next ?? .distantFuture {
                now = max(now, timer.fires)
                self.timer = nil
                try tell(.woke)
            } else if let (instant, happening) = agenda.pop() {
                now = max(now, instant)
                happen(happening)
                try tellInbox()
            }
        }
        now = max(now, end)
        try tell(.woke)
    }

    private var nextInstant: FleetInstant? {
        [timer?.fires, agenda.next].compactMap(\.self).min()
    }

    private mutating func tellInbox() throws(Violation) {
        while !inbox.isEmpty { try tell(inbox.removeFirst()) }
    }

    /// The driver's funnel: one event in, its actions carried out, and at times the event again or
    /// with a clock that was read before another thread's.
    private mutating func tell(_ event: PoolMachine.Event) throws(Violation) {
        let isEarly = driverDice.chance(scenario.echoes)
        let instant = isEarly ? now.advanced(by: .milliseconds(-2)) : now
        try handle(event, at: instant)
        if driverDice.chance(scenario.echoes), event.mayEcho { try handle(event, at: now) }
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
            carryOut(action)
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
