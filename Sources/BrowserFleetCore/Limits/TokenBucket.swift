// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A rate limit that allows a burst: `capacity` tokens at most, refilled evenly over time.
///
/// Counts in whole units of which a token is worth as many as its period has nanoseconds, so a
/// nanosecond adds exactly `refill` units and nothing is ever rounded: after any row of calls the
/// level is the one that a clock with infinite precision would show.
public struct TokenBucket: Hashable, Sendable {
    /// The most tokens the bucket holds, and what it starts with: 1 to 1,000,000.
    public let capacity: Int

    /// How many tokens come in one ``period``, spread evenly over it: 1 to 1,000,000,000.
    public let refill: Int

    /// The time in which ``refill`` tokens come: 1 ns to 1 h.
    public let period: Duration

    private let unitsPerToken: Int64
    private var level: Int64
    private var settled: FleetInstant

    /// What became of a wish for tokens.
    public enum Outcome: Hashable, Sendable {
        /// The tokens are taken.
        case taken
        /// Nothing was taken; after `retryAfter` there are enough tokens if nobody else takes any.
        /// `nil` if the bucket can never hold as many.
        case refused(retryAfter: Duration?)
    }

    /// Creates a full bucket. Numbers outside of their ranges are held at the nearest end.
    public init(capacity: Int, refill: Int, every period: Duration, at now: FleetInstant) {
        let units = Self.held(period.wholeNanoseconds, in: 1...3_600_000_000_000)
        self.capacity = Self.held(capacity, in: 1...1_000_000)
        self.refill = Self.held(refill, in: 1...1_000_000_000)
        self.period = .nanoseconds(units)
        self.unitsPerToken = units
        self.level = Int64(self.capacity) * units
        self.settled = now
    }

    /// Takes `count` tokens if there are as many.
    ///
    /// A `now` earlier than one the bucket has seen counts as that one: time that goes back
    /// neither gives nor takes tokens. A `count` below one is always granted.
    public mutating func take(_ count: Int = 1, at now: FleetInstant) -> Outcome {
        settle(at: now)
        let wait = wait(for: count)
        guard wait == .zero else { return .refused(retryAfter: wait) }
        level -= unitsPerToken * Int64(max(count, 0))
        return .taken
    }

    /// How many whole tokens could be taken at `now`.
    public func available(at now: FleetInstant) -> Int {
        var copy = self
        copy.settle(at: now)
        return Int(copy.level / unitsPerToken)
    }

    /// How long after `now` there will be `count` tokens if nobody takes any: zero if they are
    /// there, `nil` if the bucket can never hold as many.
    public func retryAfter(_ count: Int = 1, at now: FleetInstant) -> Duration? {
        var copy = self
        copy.settle(at: now)
        return copy.wait(for: count)
    }

    /// Whether the bucket is full at `now`, so that a new one in its place would be the same.
    public func isFull(at now: FleetInstant) -> Bool {
        available(at: now) == capacity
    }

    /// The bucket under other numbers, holding as many whole tokens as before where they fit.
    public func changed(
        capacity: Int, refill: Int, every period: Duration, at now: FleetInstant
    ) -> TokenBucket {
        var bucket = TokenBucket(capacity: capacity, refill: refill, every: period, at: now)
        let kept = min(available(at: now), bucket.capacity)
        bucket.level = Int64(kept) * bucket.unitsPerToken
        bucket.settled = max(now, settled)
        return bucket
    }

    private func wait(for count: Int) -> Duration? {
        guard count > 0 else { return .zero }
        guard count <= capacity else { return nil }
        let missing = Int64(count) * unitsPerToken - level
        guard missing > 0 else { return .zero }
        return .nanoseconds(nanoseconds(toFill: missing))
    }

    private mutating func settle(at now: FleetInstant) {
        guard now > settled else { return }
        let elapsed = settled.duration(to: now).wholeNanoseconds
        let missing = Int64(capacity) * unitsPerToken - level
        settled = now
        if missing <= 0 || elapsed >= nanoseconds(toFill: missing) {
            level += missing
        } else {
            level += elapsed * Int64(refill)  // less than `missing`, so it cannot overflow
        }
    }

    private func nanoseconds(toFill missing: Int64) -> Int64 {
        (missing - 1) / Int64(refill) + 1
    }

    private static func held<Number: Comparable>(
        _ number: Number, in range: ClosedRange<Number>
    ) -> Number {
        min(max(number, range.lowerBound), range.upperBound)
    }
}
