// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension PoolModel {
    /// Throws if `action` is wrong now; takes note of it otherwise.
    mutating func check(_ action: PoolMachine.Action) throws(Violation) {
        switch action {
        case .launch(let slot, let properties): try launch(slot, properties)
        case .grant(let request, let grant): try self.grant(request, grant)
        case .refuse(let request, let refusal): try refuse(request, refusal)
        case .end(let slot, let lease, let reason): try end(slot, lease, reason)
        case .kill(let slot): try kill(slot)
        case .probeActivity(let lease):
            try require(self.lease(lease) != nil, "probes \(lease), which is not leased")
        case .drained:
            try require(!isRunning && browsers.isEmpty, "has drained with browsers or callers left")
            try require(!saidDrained, "says twice that it has drained")
            saidDrained = true
        }
    }

    func require(
        _ holds: Bool, _ sentence: @autoclosure () -> String
    ) throws(Violation) {
        if !holds { throw Violation(sentence()) }
    }

    private mutating func launch(
        _ slot: SlotID, _ properties: LaunchProperties
    ) throws(Violation) {
        try require(isRunning, "launches \(slot) while draining")
        try require(load != .busy, "launches \(slot) under pressure")
        try require(
            occupations.indices.contains(slot.index), "launches \(slot) beyond the capacity")
        try require(
            !browsers.contains { $0.id.index == slot.index }, "launches \(slot) into a taken place")
        try require(occupations[slot.index] < slot.occupation, "uses the name \(slot) again")
        try require(tally.starting < configuration.launch.concurrency, "launches too many at once")
        try require(pauseEnds <= now, "launches \(slot) before the pause is over")
        try require(isWanted(properties), "launches \(slot), which nobody asked for")
        occupations[slot.index] = slot.occupation
        browsers.append(Browser(id: slot, properties: properties, since: now))
    }

    /// HikariCP's rule, or one plain browser to see whether launches work again.
    private func isWanted(_ properties: LaunchProperties) -> Bool {
        if isQuarantined {
            return tally.starting == 0 && (properties == .headless || properties == .headful)
        }
        let supply = warm(properties) + starting(properties)
        return supply < kept(properties) || waiting(properties) > supply
    }

    private mutating func grant(_ request: RequestID, _ grant: Grant) throws(Violation) {
        let slot = grant.lease.slot
        guard let index = waiting.firstIndex(where: { $0.request.id == request }) else {
            throw Violation("grants \(slot) to \(request), who does not wait")
        }
        let caller = waiting[index]
        guard let place = place(of: slot), browsers[place].isWarm else {
            throw Violation("grants \(slot), which is not warm")
        }
        try require(isRunning, "grants \(slot) while draining")
        try require(load != .busy, "grants \(slot) under pressure")
        try require(!cancelled.contains(request), "grants \(slot) to \(request), who left")
        try require(tally.leased < configuration.maxLeases, "grants more leases than allowed")
        try require(
            browsers[place].properties == caller.request.properties,
            "grants \(slot) with other properties")
        try require(now < caller.deadline, "grants \(slot) after the deadline")
        try checkTurn(caller, before: waiting[..<index])
        try checkTurn(caller)
        try checkGrant(grant, caller, readyAt: browsers[place].since)
        waiting.remove(at: index)
        answered.insert(request)
        granted.insert(request)
        browsers[place].stage = .leased(
            Lease(
                request: request, terms: caller.request.terms, grantedAt: now,
                expiresAt: grant.expiresAt, movedAt: now))
        browsers[place].since = now
    }

    /// First in, first out among those of one owner and class that want the same.
    private func checkTurn(_ caller: Caller, before earlier: ArraySlice<Caller>) throws(Violation) {
        let passedOver = earlier.contains {
            $0.request.owner == caller.request.owner
                && $0.request.priority == caller.request.priority
                && $0.request.properties == caller.request.properties
        }
        try require(!passedOver, "serves \(caller.request.id) out of turn")
    }

    /// Nobody of a higher class that wants the same is passed over.
    private func checkTurn(_ caller: Caller) throws(Violation) {
        let passedOver = waiting.contains {
            $0.request.priority > caller.request.priority
                && $0.request.properties == caller.request.properties
        }
        try require(!passedOver, "serves \(caller.request.id) before a higher class")
    }

    private func checkGrant(
        _ grant: Grant, _ caller: Caller, readyAt: FleetInstant
    ) throws(Violation) {
        let waited = caller.arrivedAt.duration(to: now)
        try require(grant.waited == waited, "says \(grant.waited) for a wait of \(waited)")
        let wasReady = readyAt < caller.arrivedAt
        let isBoth = readyAt == caller.arrivedAt
        try require(
            isBoth || (grant.start == .warm) == wasReady, "says \(grant.start), which is wrong")
        let rule = configuration.maxLifetime
        let most = min(caller.request.terms.maxLifetime ?? rule.standard, rule.most)
        let least = most * (100 - configuration.lifetimeJitter) / 100
        let given = now.duration(to: grant.expiresAt)
        try require(
            least - .nanoseconds(1) <= given && given <= most,
            "gives a lifetime of \(given), not \(least) to \(most)")
    }

    private mutating func refuse(_ request: RequestID, _ refusal: Refusal) throws(Violation) {
        guard let index = waiting.firstIndex(where: { $0.request.id == request }) else {
            throw Violation("refuses \(request), who does not wait")
        }
        let caller = waiting[index]
        if let place = refusal.place {
            try require(1...waiting.count ~= place, "names place \(place) of \(waiting.count)")
        }
        if let retry = refusal.retryAfter {
            try require(retry >= .seconds(1), "says to try again after \(retry)")
        }
        try require(
            isTrue(refusal.reason, of: caller), "refuses \(request) as \(refusal.reason.word)")
        waiting.remove(at: index)
        answered.insert(request)
    }

    /// Whether it is this caller whom a full queue sends away: a newcomer, or the last of the
    /// owner who has more callers in the newcomer's class than the newcomer's owner, or one of a
    /// lower class.
    private func mustYield(_ caller: Caller) -> Bool {
        guard let newcomer = waiting.last, newcomer.arrivedAt == now else { return false }
        let isLowest = waiting.allSatisfy { $0.request.priority >= caller.request.priority }
        if caller.request.id == newcomer.request.id { return isLowest }
        let lane = waiting.filter { isBeside($0, caller) }
        guard isLowest, lane.last?.request.id == caller.request.id else { return false }
        if caller.request.priority < newcomer.request.priority { return true }
        let own = waiting.count { isBeside($0, newcomer) }
        return caller.request.owner != newcomer.request.owner
            && (lane.count - 1) * newcomer.request.weight >= own * caller.request.weight
    }

    private func isBeside(_ other: Caller, _ caller: Caller) -> Bool {
        other.request.owner == caller.request.owner
            && other.request.priority == caller.request.priority
    }

    private func isTrue(_ reason: Refusal.Reason, of caller: Caller) -> Bool {
        switch reason {
        case .queueFull: waiting.count > configuration.queueBound + room && mustYield(caller)
        case .queueTimeout: caller.deadline <= now
        case .draining: !isRunning
        case .quarantined: isQuarantined && warm(caller.request.properties) == 0
        case .pressure(let resource):
            load != .calm && resource == .cpu && caller.arrivedAt == now
        case .launchFailed: hopeless.contains(caller.request.properties)
        case .cancelled: cancelled.contains(caller.request.id)
        case .keyLimit: false
        }
    }
}
