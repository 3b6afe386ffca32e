// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Who has how many browsers, by API key: admits or refuses creates before the pool sees them.
///
/// A create is admitted under a ``Claim``, which counts against its key until ``release(_:)``.
/// The caller releases it once the create has been refused later on, or its browser has ended.
/// Deleting is never limited and so is not asked about here at all.
///
/// Keys are told apart by the name that owns what they make: the ID of an API key, or the subject
/// of a token. Its limits come with every call, since they may change while it holds browsers.
public struct KeyLedger: Hashable, Sendable {
    private var accounts: [String: Account] = [:]
    private var holders: [Claim: String] = [:]
    private var nextClaim = 1

    /// Creates a ledger with nothing in it.
    public init() {}

    /// A create that was admitted and has not been released.
    public struct Claim: Hashable, Comparable, Sendable, CustomStringConvertible {
        /// Counts up from 1 and is never given twice by one ledger.
        public let number: Int

        /// The earlier claim is the lesser.
        public static func < (left: Claim, right: Claim) -> Bool { left.number < right.number }

        /// The number with a word.
        public var description: String { "claim \(number)" }
    }

    /// The answer to a wish for a browser.
    public enum Admission: Hashable, Sendable {
        /// The create may go to the pool; the claim is to be released exactly once.
        case admitted(Claim)
        /// The create ends here, and nothing was counted.
        case refused(KeyRefusal)
    }

    private struct Account: Hashable {
        var claims = 0
        var bucket: TokenBucket?
    }

    /// Admits or refuses one create of `key`.
    ///
    /// A refused create costs nothing, so callers that retry in a storm do not push their own
    /// next chance away. An admitted one counts for the rate even if the pool then refuses it,
    /// unless somebody else counts: a gateway that tries one server after the other.
    public mutating func admit(
        _ key: String, limits: KeyLimits, countsForRate: Bool = true, at now: FleetInstant
    ) -> Admission {
        var account = accounts[key] ?? Account()
        account.bucket = Self.bucket(account.bucket, for: limits, at: now)
        let refusal = Self.refusal(account, limits: limits, at: now)
        if let refusal, countsForRate || !refusal.isByRate {
            // Kept only if it says something: a stranger's attempts must not fill the memory.
            if accounts[key] != nil { accounts[key] = account }
            return .refused(refusal)
        }
        if countsForRate { _ = account.bucket?.take(at: now) }
        account.claims += 1
        accounts[key] = account
        return .admitted(claim(for: key))
    }

    /// Ends a claim and gives its place back to the key.
    ///
    /// - Returns: whether the claim was still held; a second release changes nothing.
    @discardableResult
    public mutating func release(_ claim: Claim) -> Bool {
        guard let key = holders.removeValue(forKey: claim) else { return false }
        accounts[key]?.claims -= 1
        return true
    }

    /// What `key` has and may still take; the shape of `GET /limits`.
    public func usage(
        of key: String, limits: KeyLimits, at now: FleetInstant
    ) -> KeyUsage {
        var account = accounts[key] ?? Account()
        account.bucket = Self.bucket(account.bucket, for: limits, at: now)
        return KeyUsage(
            limits: limits,
            concurrentBrowsers: account.claims,
            createsLeft: limits.createsPerMinute.map { limit in
                limit == 0 ? 0 : account.bucket?.available(at: now) ?? limit
            },
            refusal: Self.refusal(account, limits: limits, at: now)
        )
    }

    /// Forgets keys that have no browser and whose rate has recovered, of which nothing is to be
    /// known any more. The driver calls this at every sweep; answers do not depend on it.
    public mutating func prune(at now: FleetInstant) {
        accounts = accounts.filter { _, account in
            account.claims > 0 || account.bucket?.isFull(at: now) == false
        }
    }

    /// How many keys are remembered.
    public var keyCount: Int { accounts.count }

    /// How many claims are held, over all keys.
    public var claimCount: Int { holders.count }

    private mutating func claim(for key: String) -> Claim {
        let claim = Claim(number: nextClaim)
        nextClaim += 1
        holders[claim] = key
        return claim
    }

    private static func refusal(
        _ account: Account, limits: KeyLimits, at now: FleetInstant
    ) -> KeyRefusal? {
        if let limit = limits.concurrentBrowsers, account.claims >= limit {
            return KeyRefusal(reason: .concurrentBrowsers(limit: limit), retryAfter: nil)
        }
        guard let limit = limits.createsPerMinute else { return nil }
        guard let bucket = account.bucket else {
            return KeyRefusal(reason: .createsPerMinute(limit: limit), retryAfter: nil)
        }
        let wait = bucket.retryAfter(at: now)
        guard wait != .zero else { return nil }
        return KeyRefusal(reason: .createsPerMinute(limit: limit), retryAfter: wait)
    }

    /// The key's bucket under the limits of now; `nil` where there is nothing to count.
    private static func bucket(
        _ bucket: TokenBucket?, for limits: KeyLimits, at now: FleetInstant
    ) -> TokenBucket? {
        guard let rate = limits.createsPerMinute, rate > 0 else { return nil }
        let fresh = TokenBucket(capacity: rate, refill: rate, every: .seconds(60), at: now)
        guard let bucket else { return fresh }
        guard bucket.capacity != fresh.capacity else { return bucket }
        return bucket.changed(capacity: rate, refill: rate, every: .seconds(60), at: now)
    }
}

extension KeyLedger {
    /// The laws that hold after every call; answers what is broken, or nothing.
    public func checkInvariants() -> [String] {
        var broken: [String] = []
        var counted: [String: Int] = [:]
        for key in holders.values { counted[key, default: 0] += 1 }
        for key in Set(accounts.keys).union(counted.keys).sorted() {
            let booked = accounts[key]?.claims ?? 0
            let held = counted[key] ?? 0
            if booked != held {
                broken.append("\(Quoted(key)) is booked with \(booked) claims but holds \(held)")
            }
        }
        if let last = holders.keys.max(), last.number >= nextClaim {
            broken.append("\(last) is held but was not given yet")
        }
        return broken
    }
}
