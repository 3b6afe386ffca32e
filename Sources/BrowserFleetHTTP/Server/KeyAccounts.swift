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
        /// Requests in this minute, by owner.
        var requests: [String: TokenBucket] = [:]
    }

    private let clock: any FleetClock
    private let isRunning: @Sendable (BrowserID) -> Bool
    private let requestsPerMinute: Int?
    private let state = Mutex(State())

    /// Creates accounts.
    ///
    /// - Parameters:
    ///   - clock: tells the time of creates.
    ///   - requestsPerMinute: what each key may ask in a minute; `nil` is no limit.
    ///   - isRunning: whether a browser still runs; asked when it matters, so that nothing has to
    ///     tell of ends.
    init(
        clock: any FleetClock, requestsPerMinute: Int?,
        isRunning: @escaping @Sendable (BrowserID) -> Bool
    ) {
        self.clock = clock
        self.requestsPerMinute = requestsPerMinute
        self.isRunning = isRunning
    }

    /// Admits one create.
    ///
    /// - Throws: `key-limit` or `rate-limited`, with what to do.
    func admit(_ caller: Caller) throws(Problem) -> KeyLedger.Claim {
        settle(caller.owner)
        let now = clock.now
        let admission = state.withLock { state in
            state.ledger.admit(caller.owner, limits: caller.limits, at: now)
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
        guard let requestsPerMinute else { return }
        let now = clock.now
        let wait = state.withLock { state -> Duration? in
            var bucket =
                state.requests[caller.owner]
                ?? TokenBucket(
                    capacity: requestsPerMinute, refill: requestsPerMinute, every: .seconds(60),
                    at: now)
            defer { state.requests[caller.owner] = bucket }
            switch bucket.take(at: now) {
            case .taken: return nil
            case .refused: return bucket.retryAfter(at: now) ?? .seconds(60)
            }
        }
        guard let wait else { return }
        throw Problem(
            .rateLimited, "This key may make \(requestsPerMinute) requests a minute.",
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
