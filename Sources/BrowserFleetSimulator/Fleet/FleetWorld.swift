// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// A fleet in virtual time: servers that come and go under their names, the store they claim them
/// in, gateways that watch them and send calls there, clients, and a network between all of them.
struct FleetWorld: Sendable {
    /// What happens by itself. A gateway's `life` drops what was meant for its earlier process.
    enum Happening: Sendable {
        case starts(seat: Int)
        indirect case claims(process: Int, NameClaim.Event)
        case claimWakes(process: Int)
        case beats(process: Int)
        indirect case beatArrives(gateway: Int, life: Int, process: Int, Heartbeat)
        case refused(process: Int, newest: Int64)
        case told(process: Int, isDraining: Bool)
        indirect case leaves(gateway: Int, life: Int, process: Int, ServerEpoch)
        case ends(process: Int)
        indirect case probeArrives(gateway: Int, life: Int, process: Int, Probe, sent: FleetInstant)
        indirect case probeEnds(gateway: Int, life: Int, Probe, process: Int?, ProbeAnswer?)
        case gatewayWakes(gateway: Int, life: Int, due: FleetInstant)
        case gatewayStarts(gateway: Int)
        case gatewayEnds(gateway: Int, life: Int)
        case calls(gateway: Int)
        case vanishes(call: Int)
        indirect case createArrives(process: Int, call: Int, CreateAttempt)
        case browserUp(browser: Int)
        indirect case attemptEnds(call: Int, CreateAttempt, AttemptOutcome, browser: Int?)
        case releases(browser: Int)
        case reaps(browser: Int)
        case fault
        case heals(seat: Int)
    }

    let plan: FleetPlan
    let bug: PlantedFleetBug?
    var now = FleetInstant.origin
    var agenda = Agenda<Happening>()
    var trace: Trace
    /// Dice of their own for what goes wrong, for the network, for clients and for servers.
    var fate: Dice
    var network: Dice
    var clients: Dice
    var servers: Dice

    var seats: [FleetSeat] = []
    var places: [ServerName: Int] = [:]
    var processes: [FleetProcess] = []
    var gateways: [FleetGateway] = []
    var browsers: [FleetBrowser] = []
    var calls: [FleetCall] = []
    /// The store's entries, by seat, and until when it is away.
    var entries: [ServerEpoch?] = []
    var storeAwayUntil = FleetInstant.origin
    /// When memory was last lost: the store's, or a disk.
    var forgotAt = FleetInstant(nanoseconds: .min / 2)

    /// What a driver's exchange brought, while the machine is told.
    var arriving: Arrival?
    var isStormy = false
    /// Whether faults have ended for good.
    var isOver = false
    var faults = 0
    var events = 0
    var waits = 0
    var tally = FleetTally()
    /// What was seen to be wrong where nothing can be thrown.
    var broken: Violation?
    /// When each server was given up lately, by gateway.
    var evictions: [[FleetInstant]] = []

    init(seed: UInt64, plan given: FleetPlan? = nil, bug: PlantedFleetBug?, keepsText: Bool) {
        var dice = Dice(seed: seed)
        fate = dice.split()
        network = dice.split()
        clients = dice.split()
        servers = dice.split()
        let drawn = FleetPlan(&dice)
        plan = given ?? drawn
        self.bug = bug
        trace = Trace(keepsText: keepsText)
        for seat in 0..<plan.seats { addSeat(seat) }
        for gateway in 0..<plan.gateways { addGateway(gateway) }
    }

    /// Storms and calms, then none: after three times the detection bound everybody knows
    /// everybody, nobody waits, and newcomers are served.
    mutating func run() throws(Violation) {
        for _ in 0..<plan.storms {
            isStormy = true
            agenda.add(.fault, at: now)
            try live(for: plan.storm)
            isStormy = false
            try live(for: plan.calm)
        }
        if plan.isQuiet { return }
        try recover()
        try live(for: FleetPlan.detectionBound * 3)
        try checkSettled()
        try serveNewcomers()
    }

    mutating func live(for time: Duration) throws(Violation) {
        let end = now.advanced(by: time)
        while let next = agenda.next, next <= end, let (instant, happening) = agenda.pop() {
            now = max(now, instant)
            try happen(happening)
            if let broken { throw broken }
        }
        now = end
    }

    private mutating func happen(_ happening: Happening) throws(Violation) {
        switch happening {
        case .starts, .claims, .claimWakes, .beats, .refused, .told, .ends, .createArrives,
            .browserUp, .reaps, .probeArrives:
            try happenAtServer(happening)
        case .beatArrives, .leaves, .probeEnds, .gatewayWakes, .gatewayStarts, .gatewayEnds,
            .attemptEnds:
            try happenAtGateway(happening)
        case .calls(let gateway): try call(at: gateway)
        case .vanishes(let call): try vanish(call)
        case .releases(let browser): try release(browser)
        case .fault: try fault()
        case .heals(let seat): heal(seat)
        }
    }

    private mutating func addSeat(_ seat: Int) {
        guard let name = try? ServerName("s\(seat).fleet") else { return }
        seats.append(
            FleetSeat(
                name: name, region: "r\(seat % plan.regions)", isPulled: seat < plan.pulled))
        places[name] = seat
        entries.append(nil)
        agenda.add(.starts(seat: seat), at: now.advanced(by: servers.milliseconds(0...500)))
    }

    private mutating func addGateway(_ gateway: Int) {
        gateways.append(FleetGateway(machine: newMachine(), seats: plan.seats))
        evictions.append([])
        agenda.add(.gatewayStarts(gateway: gateway), at: now)
    }

    mutating func newMachine() -> FaultyGateway {
        FaultyGateway(plan, seed: servers.seed(), bug: bug)
    }
}
