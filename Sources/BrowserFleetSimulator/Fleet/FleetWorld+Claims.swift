// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    /// A new process of a name: after the last one's end, or, while things go wrong, beside it
    /// where a store decides.
    mutating func start(_ seat: Int) {
        guard plan.hasStore && !isOver || newestAlive(seat) == nil else { return }
        let index = processes.count
        var id = servers.name()
        // That it is another process is what tells it from the one before.
        if bug == .repeatsEpoch, let last = seats[seat].processes.last { id = processes[last].id }
        var process = FleetProcess(seat: seat, id: id, gateways: plan.gateways)
        if plan.hasStore { process.claim = NameClaim(process: process.id) }
        processes.append(process)
        seats[seat].processes.append(index)
        (seats[seat].deadSince, seats[seat].changedAt) = (nil, now)
        tally.processes += 1
        trace.tell("process \(index) of \(seats[seat].name) starts", at: now)
        agenda.add(.beats(process: index), at: now.advanced(by: servers.milliseconds(0...1000)))
        if plan.hasStore { return tellClaim(of: index, .started(persisted: seats[seat].persisted)) }
        let known = seats[seat].persisted
        let number =
            bug == .repeatsEpoch
            ? known ?? wallClock(seat)
            : ServerEpoch.number(above: known.map { [$0] } ?? [], unixMilliseconds: wallClock(seat))
        serve(index, ServerEpoch(number: number, process: process.id))
    }

    /// Milliseconds since 1970 at a server, wrong by the jumps of its clock.
    func wallClock(_ seat: Int) -> Int64 {
        1_700_000_000_000 + now.nanoseconds / 1_000_000 + seats[seat].clockError
    }

    /// The newest process of a name that lives.
    func newestAlive(_ seat: Int) -> Int? {
        seats[seat].processes.last { processes[$0].isAlive }
    }

    mutating func tellClaim(of process: Int, _ event: NameClaim.Event) {
        guard processes[process].isAlive, processes[process].claim != nil else { return }
        if processes[process].pausedUntil > now {
            return agenda.add(.claims(process: process, event), at: processes[process].pausedUntil)
        }
        events += 1
        let before = processes[process].claim?.nextDeadline
        let clock = wallClock(processes[process].seat)
        let actions =
            processes[process].claim?.handle(event, at: now, unixMilliseconds: clock) ?? []
        trace.tell("process \(process): \(event): \(actions)", at: now)
        for action in actions { carryOut(action, process) }
        guard let deadline = processes[process].claim?.nextDeadline, deadline != before else {
            return
        }
        if bug == .neverRenews, processes[process].serving != nil { return }
        agenda.add(.claimWakes(process: process), at: deadline)
    }

    private mutating func carryOut(_ action: NameClaim.Action, _ process: Int) {
        let seat = processes[process].seat
        switch action {
        case .persist(let number): seats[seat].persisted = number
        case .read: ask(process) { .read($0.entries[seat]) }
        case .write(let epoch, let expected):
            ask(process) { world in
                guard world.entries[seat] == expected || world.bug == .writesBlindly else {
                    return .beaten(world.entries[seat])
                }
                world.checkTaken(seat, by: epoch)
                world.entries[seat] = epoch
                return .written(epoch)
            }
        case .serve(let epoch): serve(process, epoch)
        case .holdBack: if bug != .neverHoldsBack { processes[process].holdsBack = true }
        case .stop: if bug != .ignoresFence { endProcess(process) }
        case .erase(let epoch): if entries[seat] == epoch { entries[seat] = nil }
        }
    }

    private mutating func serve(_ process: Int, _ epoch: ServerEpoch) {
        trace.tell("process \(process) serves as \(epoch)", at: now)
        processes[process].serving = epoch
        processes[process].servingSince = now
        processes[process].holdsBack = false
        if !plan.hasStore { seats[processes[process].seat].persisted = epoch.number }
    }

    /// Somebody does not listen to a process. With a store its claim knows what to do; without one
    /// the process takes a higher number.
    mutating func refuse(_ process: Int, newest: Int64) {
        guard processes[process].isAlive, bug != .keepsLowNumber else { return }
        if processes[process].pausedUntil > now {
            return agenda.add(
                .refused(process: process, newest: newest), at: processes[process].pausedUntil)
        }
        if plan.hasStore { return tellClaim(of: process, .refused(newest: newest)) }
        guard let epoch = processes[process].serving, epoch.number <= newest else { return }
        serve(process, ServerEpoch(number: newest + 1, process: epoch.process))
    }

    /// A call to the store: it may not get there, and its answer may not come back.
    private mutating func ask(_ process: Int, _ call: (inout FleetWorld) -> NameClaim.Event) {
        guard storeAwayUntil <= now, processes[process].losesStoreUntil <= now, !isDropped()
        else { return }
        let answer = call(&self)
        guard processes[process].losesAnswersUntil <= now, !isDropped() else { return }
        let arrival = max(
            processes[process].answersUntil, now.advanced(by: network.milliseconds(1...20)))
        processes[process].answersUntil = arrival
        agenda.add(.claims(process: process, answer), at: arrival)
    }

    private mutating func isDropped() -> Bool { !isOver && network.chance(plan.loss) }
}
