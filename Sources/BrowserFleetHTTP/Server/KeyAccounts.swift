// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import Synchronization

/// Runs the ledger of keys: a claim is made before the pool is asked and lives as long as the
/// browser it got.
final class KeyAccounts: Sendable {
    private struct State {
        var ledger = KeyLedger()
        /// Claims that have a browser, by owner.
        var held: [String: [BrowserID: KeyLedger.Claim]] = [:]
        /// Requests by owner; `nil` is no limit.
        var requests: RateLedger<String>?
        /// Requests by address; `nil` is no limit.
        var addresses: RateLedger<IPNetwork>?
        var pruneAt = 256

        var isPruneDue: Bool { ledger.keyCount >= pruneAt }

        /// Forgets keys of which nothing is to be known, now and then.
        mutating func prune(at now: FleetInstant) {
            guard isPruneDue else { return }
            ledger.prune(at: now)
            pruneAt = max(256, 2 * ledger.keyCount)
        }
    }

    private let clock: any FleetClock
    private let isRunning: @Sendable (BrowserID) -> Bool
    private let state: Mutex<State>

    /// Creates accounts.
    ///
    /// - Parameters:
    ///   - clock: tells the time of creates.
    ///   - requestsPerMinute: what each key may ask in a minute; `nil` is no limit.
    ///   - requestsPerMinutePerAddress: what each address may ask in a minute.
    ///   - isRunning: whether a browser still runs; asked when it matters, so that nothing has to
    ///     tell of ends.
    init(
        clock: any FleetClock, requestsPerMinute: Int?, requestsPerMinutePerAddress: Int?,
        isRunning: @escaping @Sendable (BrowserID) -> Bool
    ) {
        self.clock = clock
        self.isRunning = isRunning
        state = Mutex(
            State(
                requests: requestsPerMinute.map { RateLedger(callsPerMinute: $0) },
                addresses: requestsPerMinutePerAddress.map { RateLedger(callsPerMinute: $0) }))
    }

    /// Admits one create.
    ///
    /// - Parameters:
    ///   - caller: who wants it.
    ///   - countsForRate: whether it counts for the creates of a minute; a gateway that placed it
    ///     here has counted it.
    /// - Returns: the claim, to be bound to a browser or released.
    /// - Throws: `key-limit` or `rate-limited`, with what to do.
    func admit(
        _ caller: Caller, countsForRate: Bool = true
    ) throws(Problem) -> KeyLedger.Claim {
        settle(caller.owner)
        // Owners who never come again are seen to before what is known of keys is pruned.
        for owner in state.withLock({ $0.isPruneDue ? Array($0.held.keys) : [] }) { settle(owner) }
        let now = clock.now
        let admission = state.withLock { state in
            state.prune(at: now)
            return state.ledger.admit(
                caller.owner, limits: caller.limits, countsForRate: countsForRate, at: now)
        }
        switch admission {
        case .admitted(let claim): return claim
        case .refused(let refusal):
            throw Problem(
                Self.code(refusal), "\(refusal.description.capitalisedSentence).",
                retryAfter: refusal.retryAfter ?? .seconds(5))
        }
    }

    /// Gives a claim its browser.
    func bind(_ claim: KeyLedger.Claim, to browser: BrowserID, of owner: String) {
        state.withLock { $0.held[owner, default: [:]][browser] = claim }
    }

    /// Gives a claim back that got no browser.
    func release(_ claim: KeyLedger.Claim) {
        _ = state.withLock { $0.ledger.release(claim) }
    }

    /// What a caller has and may take.
    func usage(_ caller: Caller) -> KeyUsage {
        settle(caller.owner)
        let now = clock.now
        return state.withLock { state in
            state.ledger.usage(of: caller.owner, limits: caller.limits, at: now)
        }
    }

    /// Counts one request of a caller.
    ///
    /// - Throws: `rate-limited`.
    func countRequest(_ caller: Caller) throws(Problem) {
        let now = clock.now
        let wait = state.withLock { $0.requests?.count(caller.owner, at: now) }
        guard let wait else { return }
        throw Problem(
            .rateLimited, "This key made more requests a minute than it may.", retryAfter: wait)
    }

    /// Counts one request from an address, whoever makes it.
    ///
    /// - Throws: `rate-limited`.
    func countRequest(from address: IPAddress) throws(Problem) {
        let now = clock.now
        let wait = state.withLock { state in
            state.addresses?.count(IPNetwork(ofClientAt: address), at: now)
        }
        guard let wait else { return }
        throw Problem(
            .rateLimited, "This address made more requests a minute than it may.",
            retryAfter: wait)
    }

    /// Releases the claims of browsers that have ended.
    private func settle(_ owner: String) {
        let browsers = state.withLock { $0.held[owner].map { Array($0.keys) } ?? [] }
        let ended = browsers.filter { !isRunning($0) }
        guard !ended.isEmpty else { return }
        state.withLock { state in
            for browser in ended {
                guard let claim = state.held[owner]?.removeValue(forKey: browser) else { continue }
                state.ledger.release(claim)
            }
            if state.held[owner]?.isEmpty == true { state.held[owner] = nil }
        }
    }

    private static func code(_ refusal: KeyRefusal) -> ProblemCode {
        switch refusal.reason {
        case .concurrentBrowsers: .keyLimit
        case .createsPerMinute: .rateLimited
        }
    }
}

extension String {
    /// The text with its first letter in upper case.
    var capitalisedSentence: String { prefix(1).uppercased() + dropFirst() }
}
