// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// One server name in virtual time: the processes that have it one after the other, the store they
/// ask, and a door (a gateway, a client) that listens to one of them.
struct ClaimWorld: Sendable {
    /// One process of the name.
    struct Process: Sendable {
        var claim: NameClaim
        var isAlive = true
        var pausedUntil = FleetInstant.origin
        /// Whether calls reach the store, and its answers come back.
        var reachesStore = true
        var hearsStore = true
        /// Whether calls reach the door.
        var reachesDoor = true
        /// When the latest answer of the store arrives: answers keep their order.
        var answersUntil = FleetInstant.origin
        /// The epoch it serves under, as its driver was told.
        var serving: ServerEpoch?
    }

    /// What happens by itself.
    enum Happening: Sendable {
        case starts
        case told(Int, NameClaim.Event)
        case wakes(Int)
        case knocks(Int)
        case fault
    }

    let bug: PlantedClaimBug?
    var now = FleetInstant.origin
    var processes: [Process] = []
    var agenda = Agenda<Happening>()
    var dice: Dice
    var faults = 0
    var events = 0
    /// The store's entry, the number on the computer's own disk, and the door's memory.
    var entry: ServerEpoch? { didSet { if let entry { entries.append(entry) } } }
    /// All entries so far: what a store may be set back to.
    var entries: [ServerEpoch] = []
    var persisted: Int64?
    var door = EpochGuard()
    /// Every epoch the door listened to, in order; kept apart from its own memory.
    var accepted: [ServerEpoch] = []
    /// How far the wall clock is off.
    var clockError: Int64 = 0
    var isLively = true
    /// How many of a thousand calls are lost.
    let loss: Int
    let lively: Duration

    init(seed: UInt64, bug: PlantedClaimBug?) {
        self.bug = bug
        dice = Dice(seed: seed)
        loss = dice.pick([0, 20, 200])
        lively = .seconds(dice.pick([60, 120, 300]))
        agenda.add(.starts, at: now)
        agenda.add(.fault, at: now.advanced(by: .seconds(2)))
    }

    /// Faults for a while, then none; after three times the store's patience one process holds the
    /// name, and everybody knows which.
    mutating func run() throws(Violation) {
        try live(until: now.advanced(by: lively))
        recover()
        // Whoever stands still goes on by itself; it hears then what it missed.
        try live(until: processes.map(\.pausedUntil).max() ?? now)
        try live(until: now.advanced(by: NameClaim.Rhythm().patience * 3))
        try checkSettled()
    }

    private mutating func live(until end: FleetInstant) throws(Violation) {
        while let next = agenda.next, next <= end, let (instant, happening) = agenda.pop() {
            now = max(now, instant)
            try happen(happening)
        }
        now = max(now, end)
    }

    private mutating func happen(_ happening: Happening) throws(Violation) {
        switch happening {
        case .starts: try start()
        case .fault: fault()
        case .told(let index, let event): try deliver(event, to: index)
        case .wakes(let index): try deliver(.woke, to: index)
        case .knocks(let index): try knock(index)
        }
    }

    mutating func start() throws(Violation) {
        let index = processes.count
        processes.append(Process(claim: NameClaim(process: dice.name())))
        agenda.add(.knocks(index), at: now.advanced(by: dice.milliseconds(0...1000)))
        try deliver(.started(persisted: persisted), to: index)
    }

    /// A process that stands still hears everything when it goes on.
    private mutating func deliver(_ event: NameClaim.Event, to index: Int) throws(Violation) {
        guard processes[index].isAlive else { return }
        if processes[index].pausedUntil > now {
            return agenda.add(.told(index, event), at: processes[index].pausedUntil)
        }
        if bug == .keepsLowNumber, case .refused = event { return }
        events += 1
        let before = processes[index].claim.nextDeadline
        let actions = processes[index].claim.handle(
            event, at: now, unixMilliseconds: wallClock)
        for action in actions { try carryOut(action, index) }
        guard let deadline = processes[index].claim.nextDeadline, deadline != before else { return }
        if bug == .neverRenews, processes[index].serving != nil { return }
        agenda.add(.wakes(index), at: deadline)
    }

    /// Milliseconds since 1970, wrong by the jumps so far.
    private var wallClock: Int64 {
        1_700_000_000_000 + now.nanoseconds / 1_000_000 + clockError
    }

    private mutating func carryOut(
        _ action: NameClaim.Action, _ index: Int
    ) throws(Violation) {
        switch action {
        case .persist(let number): persisted = number
        case .read: try ask(index) { .read($0.entry) }
        case .write(var epoch, let expected):
            if bug == .trustsClock {
                epoch = ServerEpoch(number: wallClock, process: epoch.process)
            }
            if bug == .countsFromStore {
                epoch = ServerEpoch(number: (expected?.number ?? 0) + 1, process: epoch.process)
            }
            if bug == .waitsForTheDead, let expected, expected.number < epoch.number,
                expected.process != epoch.process, processes[index].serving == epoch
            {
                return
            }
            let wanted = epoch
            try ask(index) { world throws(Violation) in
                guard world.entry == expected || world.bug == .writesBlindly else {
                    return .beaten(world.entry)
                }
                try world.checkTaking(wanted)
                world.entry = wanted
                return .written(wanted)
            }
        case .serve(let epoch): processes[index].serving = epoch
        case .holdBack: break
        case .stop: if bug != .ignoresFence { processes[index].serving = nil }
        case .erase(let epoch):
            if entry == epoch { entry = nil }
        }
    }

    /// A call to the store: it may not get there, and its answer may not come back.
    private mutating func ask(
        _ index: Int, _ call: (inout ClaimWorld) throws(Violation) -> NameClaim.Event
    ) throws(Violation) {
        guard processes[index].reachesStore, !isLost() else { return }
        let answer = try call(&self)
        guard processes[index].hearsStore, !isLost() else { return }
        let arrival = max(
            processes[index].answersUntil, now.advanced(by: dice.milliseconds(1...400)))
        processes[index].answersUntil = arrival
        agenda.add(.told(index, answer), at: arrival)
    }

    private mutating func isLost() -> Bool { isLively && dice.chance(loss) }

    /// A process tells the door that it serves, once a second.
    private mutating func knock(_ index: Int) throws(Violation) {
        guard processes[index].isAlive else { return }
        agenda.add(.knocks(index), at: now.advanced(by: .seconds(1)))
        guard processes[index].pausedUntil <= now, processes[index].reachesDoor,
            let epoch = processes[index].serving, !isLost()
        else { return }
        switch judge(epoch) {
        case .accepted: try noteAccepted(epoch)
        case .stale(let newest):
            agenda.add(.told(index, .refused(newest: newest)), at: now)
        }
    }

    private mutating func judge(_ epoch: ServerEpoch) -> EpochGuard.Verdict {
        let newest = door.newest
        let verdict = door.judge(epoch)
        switch bug {
        case .listensToOlder: return .accepted
        case .listensToEqual where newest?.number == epoch.number: return .accepted
        default: return verdict
        }
    }
}
