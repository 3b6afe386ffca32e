// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension World {
    /// Puts in what the scenario has in store from the start.
    mutating func plan(_ dice: inout Dice) {
        agenda.add(.arrival, at: .origin.advanced(by: dice.milliseconds(0...1000)))
        agenda.add(.sample, at: .origin.advanced(by: .seconds(1)))
        if scenario.drains {
            let at = FleetInstant.origin.advanced(by: scenario.length / 2)
            agenda.add(.drain, at: at)
            if scenario.resumes {
                agenda.add(.resume, at: at.advanced(by: dice.milliseconds(1000...15000)))
            }
        }
        if scenario.stops {
            agenda.add(.stop, at: .origin.advanced(by: scenario.length / 10 * 9))
        }
        for _ in 0..<scenario.leaps {
            agenda.add(.leap(dice.milliseconds(100...60000)), at: anytime(&dice))
        }
        for _ in 0..<scenario.kills { agenda.add(.killed, at: anytime(&dice)) }
    }

    private func anytime(_ dice: inout Dice) -> FleetInstant {
        let milliseconds = Int(scenario.length / .milliseconds(1))
        return FleetInstant.origin.advanced(by: dice.milliseconds(0...milliseconds))
    }

    /// Lets something happen; what the pool should hear of it goes to the inbox.
    mutating func happen(_ happening: Happening) throws(Violation) {
        switch happening {
        case .arrival: arrival()
        case .leaves(let request): inbox.append(.cancelled(request))
        case .launchAnswers(let slot, let succeeds): launchAnswers(slot, succeeds: succeeds)
        case .browserBreaks(let slot): browserBreaks(slot)
        case .browserIsGone(let slot): inbox.append(.ended(slot))
        case .clientMoves(let lease): clientMoves(lease)
        case .clientComes(let lease): clientComes(lease)
        case .clientGoes(let lease, let connection): clientGoes(lease, connection)
        case .memoryGrows(let slot): memoryGrows(slot)
        case .sample: sample()
        case .leap(let distance):
            now = now.advanced(by: distance)
            hasLeapt = true
            faults += 1
        case .drain:
            inbox.append(.drain(by: now.advanced(by: driverDice.milliseconds(0...10000))))
        case .resume: inbox.append(.resume)
        case .stop: inbox.append(.stop)
        case .killed: if isLively { die() }
        case .starts: try start()
        }
    }

    /// The computer's load once a second: calm but for the third quarter, if the scenario has it.
    private mutating func sample() {
        let start = FleetInstant.origin.advanced(by: scenario.length / 2)
        let end = FleetInstant.origin.advanced(by: scenario.length / 4 * 3)
        isBusy = isLively && scenario.hasLoad && start <= now && now < end
        if isUp { setBusy(isBusy) }
        agenda.add(.sample, at: now.advanced(by: .seconds(1)))
    }

    mutating func setBusy(_ busy: Bool) {
        isBusy = busy
        if busy { faults += 1 }
        inbox.append(
            .sampled(PressureSample(host: .init(processor: busy ? 99 : 10, memory: 20))))
    }
}
