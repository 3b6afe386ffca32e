// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension PoolModel {
    /// Supply of and demand for one kind of browser.
    private struct Kind {
        var properties: LaunchProperties
        var warm = 0
        var starting = 0
        var waiting = 0

        var unmet: Int { max(0, waiting - warm - starting) }
        var covered: Int { min(waiting, warm + starting) }
    }

    /// What must hold once an event and all its actions are done: the ledger adds up, nothing that
    /// is due was left, and nobody waits for something that could be done now.
    mutating func settled(_ counts: PoolCounts) throws(Violation) {
        let tally = tally
        let kinds = kinds
        try ledger(counts, tally)
        try callersAreAnswered()
        try endsAreMade()
        try drainIsClean(tally)
        try nobodyWaitsInVain(tally, kinds)
        try stockIsOnItsWay(tally, kinds)
        forgetFailures(kinds)
    }

    /// The earliest instant at which the pool has to do something by itself.
    var earliestDuty: FleetInstant {
        var duty = FleetInstant.distantFuture
        for place in waiting.indices { duty = min(duty, waiting[place].deadline) }
        for place in browsers.indices {
            guard let lease = browsers[place].lease else { continue }
            duty = min(duty, overAt(lease))
        }
        return duty
    }

    /// When a lease is over though nobody says so, but for idleness.
    private func overAt(_ lease: Lease) -> FleetInstant {
        let unused = lease.wasUsed ? FleetInstant.distantFuture : connectBy(lease)
        return min(lease.expiresAt, unused, graceEnds(lease) ?? .distantFuture)
    }

    private var kinds: [Kind] {
        var kinds = [Kind(properties: .headless), Kind(properties: .headful)]
        for caller in waiting {
            Self.note(caller.request.properties, in: &kinds) { $0.waiting += 1 }
        }
        for browser in browsers where browser.isWarm {
            Self.note(browser.properties, in: &kinds) { $0.warm += 1 }
        }
        for browser in browsers where browser.isStarting {
            Self.note(browser.properties, in: &kinds) { $0.starting += 1 }
        }
        return kinds
    }

    private static func note(
        _ properties: LaunchProperties, in kinds: inout [Kind], _ change: (inout Kind) -> Void
    ) {
        if let place = kinds.firstIndex(where: { $0.properties == properties }) {
            change(&kinds[place])
        } else {
            kinds.append(Kind(properties: properties))
            change(&kinds[kinds.count - 1])
        }
    }

    private func ledger(_ counts: PoolCounts, _ own: Tally) throws(Violation) {
        let claimed = Tally(
            starting: counts.starting, warm: counts.warm, leased: counts.leased,
            ending: counts.ending, empty: counts.empty)
        try require(own == claimed, "claims \(claimed), has \(own)")
        try require(
            waiting.count == counts.waiting, "claims \(counts.waiting) wait: \(waiting.count)")
        try require(own.empty >= 0, "holds \(browsers.count) browsers")
        try require(own.leased <= configuration.maxLeases, "holds \(own.leased) leases")
        guard let last = waiting.last, last.arrivedAt == now else { return }
        let bound = configuration.queueBound + configuration.maxBrowsers
        try require(waiting.count <= bound, "lets \(waiting.count) wait")
    }

    private func callersAreAnswered() throws(Violation) {
        for caller in waiting {
            let id = caller.request.id
            try require(caller.deadline > now, "lets \(id) wait past the deadline")
            try require(!cancelled.contains(id), "keeps \(id), who left")
        }
    }

    private func endsAreMade() throws(Violation) {
        for browser in browsers where !browser.isGoing {
            try require(browser.told.isEmpty, "keeps \(browser.id) alive")
            guard let lease = browser.lease else { continue }
            let isDrained = drainBy.map { $0 <= now } ?? false
            let isOver = overAt(lease) <= now || isIdle(lease) || stopped || isDrained
            try require(!isOver, "lets the lease of \(browser.id) run on")
        }
    }

    private func drainIsClean(_ tally: Tally) throws(Violation) {
        guard !isRunning else { return }
        try require(waiting.isEmpty, "lets callers wait while draining")
        try require(tally.warm + tally.starting == 0, "keeps unleased browsers while draining")
        try require(!browsers.isEmpty || saidDrained, "does not say that it has drained")
    }

    /// A failed pool sends newcomers away; a sound one serves whom it can.
    private func nobodyWaitsInVain(_ tally: Tally, _ kinds: [Kind]) throws(Violation) {
        if isQuarantined, let last = waiting.last, last.arrivedAt == now {
            try require(
                warm(last.request.properties) > 0, "lets \(last.request.id) wait in quarantine")
        }
        guard isRunning, load == .calm, tally.leased < configuration.maxLeases else { return }
        var unmet = 0
        var covered = 0
        for kind in kinds {
            let isServed = kind.waiting == 0 || kind.warm == 0
            try require(isServed, "lets callers wait before a warm browser")
            unmet += kind.unmet
            covered += kind.covered
        }
        unmet = min(unmet, configuration.maxLeases - tally.leased - covered)
        guard unmet > 0, mayLaunch(tally) else { return }
        try require(tally.empty == 0, "launches nothing though callers wait")
        let isMakingRoom =
            tally.ending >= unmet
            || tally.starting + tally.ending >= configuration.launch.concurrency
        try require(tally.warm == 0 || isMakingRoom, "makes no room though callers wait")
    }

    private func stockIsOnItsWay(_ tally: Tally, _ kinds: [Kind]) throws(Violation) {
        guard isRunning, load == .calm, mayLaunch(tally), tally.empty > 0 else { return }
        for kind in kinds {
            let isThere = kind.warm + kind.starting >= kept(kind.properties)
            try require(isThere, "does not refill its stock")
        }
    }

    private func mayLaunch(_ tally: Tally) -> Bool {
        !isQuarantined && pauseEnds <= now && tally.starting < configuration.launch.concurrency
    }

    /// Failures of a client's own properties count only while somebody wants them.
    private mutating func forgetFailures(_ kinds: [Kind]) {
        guard !ownFailures.isEmpty || !hopeless.isEmpty else { return }
        ownFailures = ownFailures.filter { entry in
            kinds.contains {
                $0.properties == entry.key && $0.warm + $0.starting + $0.waiting > 0
            } && !hopeless.contains(entry.key)
        }
        hopeless = []
    }
}
