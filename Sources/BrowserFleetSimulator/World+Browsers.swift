// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension World {
    /// What the driver does with an action.
    mutating func carryOut(_ action: PoolMachine.Action) throws(Violation) {
        switch action {
        case .launch(let slot, let properties): launch(slot, properties)
        case .grant(let request, let grant): try hear(request, grant)
        case .end(let slot, _, _): destroy(slot)
        case .kill(let slot): kill(slot)
        case .refuse, .probeActivity, .drained: break
        }
    }

    /// A launch succeeds soon or late, fails, or is never heard of again.
    private mutating func launch(_ slot: SlotID, _ properties: LaunchProperties) {
        let isStorm = isLively && scenario.hasStorm && stormIsOn
        if isLively, browserDice.chance(scenario.launchHangs) {
            faults += 1
            return
        }
        let fails =
            isStorm || (isLively && browserDice.chance(scenario.launchFails))
            || properties.arguments.contains("--never-starts")
        let isSlow = isLively && browserDice.chance(scenario.launchSlow)
        if fails || isSlow { faults += 1 }
        let takes = browserDice.milliseconds(isSlow ? 1000...6000 : fails ? 5...300 : 90...400)
        agenda.add(
            .launchAnswers(slot, succeeds: !fails), at: now.advanced(by: takes))
    }

    /// The middle fifth of the lively time.
    private var stormIsOn: Bool {
        let start = FleetInstant.origin.advanced(by: scenario.length / 5 * 2)
        let end = FleetInstant.origin.advanced(by: scenario.length / 5 * 3)
        return start <= now && now < end
    }

    private mutating func destroy(_ slot: SlotID) {
        activity[LeaseID(slot: slot)] = nil
        if isLively, browserDice.chance(scenario.endHangs) {
            faults += 1
            return
        }
        gone(slot, after: browserDice.milliseconds(5...80))
    }

    private mutating func kill(_ slot: SlotID) {
        if isLively, browserDice.chance(scenario.killFails) {
            faults += 1
            return
        }
        gone(slot, after: browserDice.milliseconds(1...100))
    }

    private mutating func gone(_ slot: SlotID, after wait: Duration) {
        guard going.insert(slot).inserted else { return }
        agenda.add(.browserIsGone(slot), at: now.advanced(by: wait))
    }

    mutating func launchAnswers(_ slot: SlotID, succeeds: Bool) {
        guard !going.contains(slot) else { return }
        if succeeds {
            inbox.append(.launched(slot))
            plansOfBrowser(slot)
        } else if browserDice.chance(100) {
            inbox.append(.ended(slot))
        } else {
            inbox.append(
                .launchFailed(slot, browserDice.chance(200) ? .properties : .server))
            gone(slot, after: browserDice.milliseconds(0...50))
        }
    }

    /// What will become of a browser by itself.
    private mutating func plansOfBrowser(_ slot: SlotID) {
        guard isLively, browserDice.chance(scenario.breaks) else { return }
        faults += 1
        let at = now.advanced(by: browserDice.milliseconds(10...20000))
        agenda.add(browserDice.chance(300) ? .memoryGrows(slot) : .browserBreaks(slot), at: at)
    }

    mutating func browserBreaks(_ slot: SlotID) {
        guard !going.contains(slot) else { return }
        if browserDice.chance(100) {
            inbox.append(.ended(slot))
        } else {
            inbox.append(.broke(slot, browserDice.chance(500) ? .crashed : .unhealthy))
        }
    }

    mutating func memoryGrows(_ slot: SlotID) {
        for gigabytes in [Int64(1), 2] { inbox.append(.memory(slot, bytes: gigabytes << 30)) }
    }
}
