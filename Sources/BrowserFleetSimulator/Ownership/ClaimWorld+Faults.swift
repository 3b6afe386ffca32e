// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension ClaimWorld {
    /// One thing goes wrong, and the next is planned.
    mutating func fault() {
        guard isLively else { return }
        faults += 1
        agenda.add(.fault, at: now.advanced(by: dice.milliseconds(100...4000)))
        let alive = processes.indices.filter { processes[$0].isAlive }
        guard let index = alive.isEmpty ? nil : dice.pick(alive) else { return restart() }
        switch dice.number(0...12) {
        case 0: kill(index)
        case 1: restart()
        case 2: entry = nil
        case 3: persisted = nil
        case 4: clockError += Int64(dice.number(-60000...60000))
        case 5:
            // The disk with everything on it, and a clock that starts in the past.
            (entry, persisted) = (nil, nil)
            clockError -= 60000
            restart()
        case 6, 7: processes[index].pausedUntil = now.advanced(by: dice.milliseconds(100...20000))
        case 8: processes[index].reachesStore.toggle()
        case 9: processes[index].hearsStore.toggle()
        case 10: processes[index].reachesDoor.toggle()
        case 11: setBack()
        default: leave(index)
        }
    }

    /// The store comes back with what it knew a while ago.
    private mutating func setBack() {
        guard !entries.isEmpty else { return }
        entry = dice.pick(entries.suffix(5).map(\.self))
    }

    /// A new process beside those there are: an upgrade, or a supervisor in haste.
    private mutating func restart() {
        for _ in 0..<dice.pick([1, 1, 1, 2]) { agenda.add(.starts, at: now) }
    }

    private mutating func kill(_ index: Int) {
        processes[index].isAlive = false
        agenda.add(.starts, at: now.advanced(by: dice.milliseconds(0...2000)))
    }

    private mutating func leave(_ index: Int) {
        agenda.add(.told(index, .leave), at: now)
        agenda.add(.starts, at: now.advanced(by: dice.milliseconds(0...2000)))
    }

    /// Everything works again. One fresh process is started, in half of the worlds only if none
    /// serves: a fresh one sets right whatever the others left.
    mutating func recover() {
        isLively = false
        for index in processes.indices {
            processes[index].reachesStore = true
            processes[index].hearsStore = true
            processes[index].reachesDoor = true
        }
        let serves = processes.contains { $0.isAlive && $0.serving != nil }
        if !serves || dice.chance(500) { agenda.add(.starts, at: now) }
    }
}

extension ClaimWorld {
    /// What the door listens to only ever gets newer, and a number stands for one process.
    mutating func noteAccepted(_ epoch: ServerEpoch) throws(Violation) {
        guard let last = accepted.last else { return accepted.append(epoch) }
        guard last != epoch else { return }
        guard epoch.number > last.number else {
            throw Violation("listens to \(epoch) after \(last)")
        }
        accepted.append(epoch)
    }

    /// Who takes the name from another process takes a higher number.
    func checkTaking(_ epoch: ServerEpoch) throws(Violation) {
        guard let entry, entry.process != epoch.process, entry.number >= epoch.number else {
            return
        }
        throw Violation("takes the name from \(entry) under \(epoch)")
    }

    /// One process holds the name; the store and the door say the same; all others know it.
    func checkSettled() throws(Violation) {
        let holders = processes.filter { $0.isAlive && $0.serving != nil }
        guard holders.count == 1, let holder = holders.first else {
            throw Violation("has \(holders.count) holders of one name long after the faults")
        }
        guard holder.claim.state == .holding, holder.claim.epoch == holder.serving else {
            throw Violation("serves while its claim is \(holder.claim.state.rawValue)")
        }
        guard holder.serving == entry else { throw Violation("serves under another's name") }
        guard accepted.last == holder.serving else {
            throw Violation("holds a name under which nobody listens to it")
        }
    }
}
