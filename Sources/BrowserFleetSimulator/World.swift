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
        case killed
        case starts
    }

    let scenario: Scenario
    let bug: PlantedBug?
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
    /// The server's source of random names; drawn anew at every start.
    var entropy: Dice
    /// Whether things still go wrong and callers still come.
    var isLively = true
    var isBusy = false
    /// Whether the server runs: not between its death and its next start.
    var isUp = true
    var requests = 0
    var connections = 0
    /// Events the driver has yet to tell, in order.
    var inbox: [PoolMachine.Event] = []
    /// Slots whose end is on its way, so that it is told once.
    var going: Set<SlotID> = []
    /// When anything last moved on a lease and how many watch: what a probe is answered with.
    var activity: [LeaseID: (last: FleetInstant, viewers: Int)] = [:]
    /// Names given to browsers since the world began.
    var names: Set<UUIDv4> = []
    /// Whether the clock leapt since the pool was last told something.
    var hasLeapt = false
    /// What the servers before this one counted, and the callers that waited when they died.
    var pastLedgers: [PoolLedger] = []
    var cutOff = 0
    /// Things that were made to go wrong.
    var faults = 0
    var events = 0
    var actions = 0
    /// When the armed timer fires: the deadline plus a little lateness.
    var timer: (deadline: FleetInstant, fires: FleetInstant)?
    var wakesInPlace = 0

    init(seed: UInt64, bug: PlantedBug?, keepsText: Bool) {
        var dice = Dice(seed: seed)
        self.bug = bug
        scenario = Scenario(&dice)
        callerDice = dice.split()
        browserDice = dice.split()
        clientDice = dice.split()
        driverDice = dice.split()
        entropy = dice.split()
        pool = FaultyPool(configuration: scenario.configuration, seed: seed, bug: bug)
        model = PoolModel(configuration: scenario.configuration)
        trace = Trace(keepsText: keepsText)
        plan(&dice)
    }

    /// Lives through the lively time, the recovery, and a last drain.
    mutating func run() throws(Violation) {
        try tell(.started)
        try live(until: FleetInstant.origin.advanced(by: scenario.length))
        try recover()
        try live(until: now.advanced(by: settling))
        try model.require(model.waiting.isEmpty, "leaves callers waiting for ever")
        try tell(.drain(by: now.advanced(by: .seconds(5))))
        try live(until: now.advanced(by: settling))
        try model.require(model.browsers.isEmpty, "has slots that never come free")
        try model.require(model.saidDrained, "never says that it has drained")
        try model.require(pool.nextDeadline == nil, "wants to be woken though nothing is left")
    }

    /// More than any deadline of a scenario.
    private var settling: Duration { .seconds(60) }

    mutating func live(until end: FleetInstant) throws(Violation) {
        while let next = nextInstant, next <= end {
            if let timer, timer.fires <= agenda.next ?? .distantFuture {
                now = max(now, timer.fires)
                self.timer = nil
                try tell(.woke)
            } else if let (instant, happening) = agenda.pop() {
                now = max(now, instant)
                try happen(happening)
                try tellInbox()
            }
        }
        now = max(now, end)
        if isUp { try tell(.woke) }
    }

    private var nextInstant: FleetInstant? {
        [timer?.fires, agenda.next].compactMap(\.self).min()
    }
}
