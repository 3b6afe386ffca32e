// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// What the next launch is for.
    private struct Wish {
        var properties: LaunchProperties
        /// Whether a caller waits for it; else it only keeps the stock.
        var isAwaited: Bool
    }

    /// Launches what is wanted, one after the other, asking again before each.
    mutating func launchWanted(at now: FleetInstant, into actions: inout [Action]) {
        guard mode == .running, pressure.shortage == nil else { return }
        while gate.admits(starting: counts.starting), let wish = nextWish() {
            if let index = emptyPlaces.popLast() {
                launch(index, wish.properties, at: now, into: &actions)
            } else if !wish.isAwaited || !makeRoom(at: now, into: &actions) {
                return
            }
        }
    }

    /// Waiting callers first, in their order, then the stock of warm browsers. In quarantine one
    /// plain browser, wanted or not, to see whether launches work again.
    private func nextWish() -> Wish? {
        if gate.isProbing { return Wish(properties: probe, isAwaited: false) }
        if unmetNow > 0, let next = queue.first(where: { shelves[$0.properties].isShort }),
            let waiter = queue[next]
        {
            return Wish(properties: waiter.request.properties, isAwaited: true)
        }
        guard counts.empty > 0 else { return nil }
        for kept in [LaunchProperties.headless, .headful] {
            let stock = configuration.keptWarm(kept)
            if stock > 0, shelves[kept].wantsLaunch(keptWarm: stock, waiting: 0) {
                return Wish(properties: kept, isAwaited: false)
            }
        }
        return nil
    }

    private var probe: LaunchProperties {
        configuration.warmHeadless == 0 && configuration.warmHeadful > 0 ? .headful : .headless
    }

    /// Callers for whom a launch would help: not those who wait for a lease to end.
    private var unmetNow: Int {
        min(shelves.unmet, configuration.maxLeases - counts.leased - shelves.covered)
    }

    private mutating func launch(
        _ index: Int, _ properties: LaunchProperties, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        let id = SlotID(index: index, occupation: slots[index].id.occupation + 1)
        slots[index].id = id
        slots[index].properties = properties
        let deadline = now.advanced(by: configuration.launch.deadline)
        move(index, to: .starting, at: now, deadline: deadline)
        shelves.update(properties) { $0.starting += 1 }
        ledger.launches += 1
        actions.append(.launch(id, properties))
    }

    /// Ends a warm browser that nobody waits for, if slots that are being emptied anyway will not
    /// do, and not more of them than may be launched into. Returns whether it did.
    private mutating func makeRoom(at now: FleetInstant, into actions: inout [Action]) -> Bool {
        let emptying = counts.ending
        guard unmetNow > emptying,
            counts.starting + emptying < configuration.launch.concurrency,
            let victim = slots.indices.filter({ slots[$0].state == .warm }).min(by: goesFirst)
        else { return false }
        end(victim, .evicted, at: now, into: &actions)
        return true
    }

    /// Surplus goes before stock, the older before the younger.
    private func goesFirst(_ left: Int, _ right: Int) -> Bool {
        let (first, second) = (isSurplus(left), isSurplus(right))
        if first != second { return first }
        return (slots[left].since, left) < (slots[right].since, right)
    }

    private func isSurplus(_ index: Int) -> Bool {
        let shelf = shelves[slots[index].properties]
        return shelf.warm.count > configuration.keptWarm(slots[index].properties) + shelf.waiting
    }

    /// A warm browser that is one too many ends; the others are looked at again later.
    mutating func retireSurplus(
        _ index: Int, at now: FleetInstant, into actions: inout [Action]
    ) {
        if isSurplus(index) { return end(index, .evicted, at: now, into: &actions) }
        deadlines.set(index, to: surplusCheck(now))
    }

    private func surplusCheck(_ now: FleetInstant) -> FleetInstant {
        now.advanced(by: max(.milliseconds(1), configuration.surplusTimeout))
    }

    mutating func launched(_ index: Int, at now: FleetInstant) {
        guard slots[index].state == .starting else { return }
        let id = slots[index].id
        gate.succeeded()
        move(index, to: .warm, at: now, deadline: surplusCheck(now))
        shelves.update(slots[index].properties) {
            $0.starting -= 1
            $0.failures = 0
            $0.warm.append(id)
        }
    }

    mutating func launchTimedOut(
        _ index: Int, at now: FleetInstant, into actions: inout [Action]
    ) {
        ledger.launchTimeouts += 1
        actions.append(.kill(slots[index].id))
        launchFailed(index, .server, at: now, into: &actions)
    }

    /// A launch failed. The server's failures add up to a quarantine; those that follow a
    /// client's own properties fall on the callers that want just these. An ordinary browser that
    /// does not start is always the server's fault.
    mutating func launchFailed(
        _ index: Int, _ blame: LaunchBlame, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard slots[index].state == .starting else { return }
        let properties = slots[index].properties
        let blame = properties.isPlain ? .server : blame
        move(index, to: .failed, at: now, deadline: endDeadline(now))
        shelves.update(properties) {
            $0.starting -= 1
            $0.failures += 1
        }
        ledger.launchFailures += 1
        if isHopeless(properties, blame) {
            shelves.update(properties) { $0.failures = 0 }
            refuseAll(.launchFailed, at: now, into: &actions) { $0.properties == properties }
        }
        switch blame {
        case .properties: break
        case .server: if gate.failed(at: now) { quarantine(at: now, into: &actions) }
        }
    }

    private func isHopeless(_ properties: LaunchProperties, _ blame: LaunchBlame) -> Bool {
        switch blame {
        case .properties: true
        case .server:
            !properties.isPlain
                && shelves[properties].failures >= configuration.launch.attemptsPerProperties
        }
    }

    /// Callers for whom nothing is ready are sent elsewhere at once.
    private mutating func quarantine(at now: FleetInstant, into actions: inout [Action]) {
        ledger.quarantines += 1
        let shelves = shelves
        refuseAll(.quarantined, at: now, into: &actions) { shelves[$0.properties].warm.isEmpty }
    }
}
