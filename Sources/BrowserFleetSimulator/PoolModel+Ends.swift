// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension PoolModel {
    mutating func end(
        _ slot: SlotID, _ lease: LeaseID?, _ reason: EndReason
    ) throws(Violation) {
        guard let place = place(of: slot) else {
            throw Violation("ends \(slot), which is not there")
        }
        let browser = browsers[place]
        try require(!browser.isGoing, "ends \(slot) a second time, as \(reason.rawValue)")
        try require(
            lease == browser.lease.map { _ in LeaseID(slot: slot) },
            "ends \(slot) with a lease that is wrong")
        let isTrue =
            browser.lease.map { self.isTrue(reason, of: $0, browser) }
            ?? isTrue(reason, ofUnleased: browser)
        try require(isTrue, "ends \(slot) as \(reason.rawValue), which is not so")
        if browser.vanished {
            browsers.remove(at: place)
        } else {
            browsers[place].stage = .ending
            browsers[place].since = now
        }
    }

    mutating func kill(_ slot: SlotID) throws(Violation) {
        guard let place = place(of: slot) else {
            throw Violation("kills \(slot), which is not there")
        }
        let browser = browsers[place]
        let limits = configuration.launch
        let age = browser.since.duration(to: now)
        switch browser.stage {
        case .starting:
            try require(age >= limits.deadline, "kills \(slot) before its deadline")
            failed(slot, .server)
        case .ending, .failed: try require(age >= limits.endDeadline, "kills \(slot) too early")
        case .warm, .leased: throw Violation("kills \(slot), which is well")
        }
    }

    private func isTrue(_ reason: EndReason, of lease: Lease, _ browser: Browser) -> Bool {
        switch reason {
        case .deleted, .clientClosed, .abandoned, .crashed, .unhealthy, .memoryLimit,
            .fenced:
            browser.told.contains(reason)
        case .idle: isIdle(lease)
        case .lifetime: lease.expiresAt <= now
        case .disconnected: graceEnds(lease).map { $0 <= now } ?? false
        case .neverConnected: !lease.wasUsed && connectBy(lease) <= now
        case .drained: drainBy.map { $0 <= now } ?? false
        case .serverStopping: stopped
        case .evicted: false
        }
    }

    private func isTrue(_ reason: EndReason, ofUnleased browser: Browser) -> Bool {
        switch reason {
        case .crashed, .unhealthy, .memoryLimit: browser.told.contains(reason)
        case .drained: drainBy != nil && !stopped
        case .serverStopping: stopped
        case .evicted: browser.isWarm && (isSurplus(browser) || makesRoom(browser))
        case .deleted, .idle, .lifetime, .disconnected, .neverConnected, .clientClosed, .abandoned,
            .fenced:
            false
        }
    }

    private func isSurplus(_ browser: Browser) -> Bool {
        let spare = warm(browser.properties) - waiting(browser.properties)
        return spare > kept(browser.properties)
            && browser.since.advanced(by: configuration.surplusTimeout) <= now
    }

    /// Room is made only for callers whom no slot that is being emptied will serve, and not for
    /// more of them than may be launched for.
    private func makesRoom(_ browser: Browser) -> Bool {
        let tally = tally
        let isPaced = tally.starting + tally.ending < configuration.launch.concurrency
        guard tally.empty == 0, isPaced, waiting(browser.properties) == 0 else { return false }
        let wanting = waiting.count {
            let wanted = $0.request.properties
            return waiting(wanted) > warm(wanted) + starting(wanted)
        }
        return wanting > tally.ending
    }

    func isIdle(_ lease: Lease) -> Bool {
        let timeout = resolve(lease.terms.idleTimeout, configuration.idleTimeout)
        return lease.wasUsed && lease.viewers == 0 && lease.movedAt.advanced(by: timeout) <= now
    }

    func connectBy(_ lease: Lease) -> FleetInstant {
        let timeout = resolve(lease.terms.connectTimeout, configuration.connectTimeout)
        return lease.grantedAt.advanced(by: timeout)
    }

    /// When a `/connect` lease without clients ends.
    func graceEnds(_ lease: Lease) -> FleetInstant? {
        guard lease.terms.endsOnDisconnect, lease.connections.isEmpty else { return nil }
        let grace = resolve(lease.terms.keepAlive, configuration.disconnectGrace)
        return lease.leftAt?.advanced(by: grace)
    }

    private func resolve(_ choice: Duration?, _ rule: TimeoutRule) -> Duration {
        min(choice ?? rule.standard, rule.most)
    }
}
