// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How often each of many may call in a minute: a bucket for each name that called lately.
///
/// A bucket that has filled up again says nothing and is forgotten, so the memory is bounded by
/// the names that called within the last minute.
public struct RateLedger<Name: Hashable & Sendable>: Hashable, Sendable {
    /// Calls in a minute, in a burst or spread out.
    public let callsPerMinute: Int

    private var buckets: [Name: TokenBucket] = [:]
    private var pruneAt = Self.fewest
    private static var fewest: Int { 256 }

    /// Creates a ledger in which nobody has called.
    public init(callsPerMinute: Int) {
        self.callsPerMinute = callsPerMinute
    }

    /// Counts one call.
    ///
    /// - Returns: `nil` if it may go ahead; else the time after which the next one may.
    public mutating func count(_ name: Name, at now: FleetInstant) -> Duration? {
        if buckets.count >= pruneAt { prune(at: now) }
        var bucket =
            buckets[name]
            ?? TokenBucket(
                capacity: callsPerMinute, refill: callsPerMinute, every: .seconds(60), at: now)
        defer { buckets[name] = bucket }
        switch bucket.take(at: now) {
        case .taken: return nil
        case .refused(let wait): return wait ?? .seconds(60)
        }
    }

    /// How many names are remembered.
    public var nameCount: Int { buckets.count }

    private mutating func prune(at now: FleetInstant) {
        buckets = buckets.filter { !$0.value.isFull(at: now) }
        pruneAt = max(Self.fewest, 2 * buckets.count)
    }
}
