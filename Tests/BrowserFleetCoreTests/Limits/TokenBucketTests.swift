// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("A token bucket")
struct TokenBucketTests {
    static func instant(_ nanoseconds: Int64) -> FleetInstant {
        FleetInstant(nanoseconds: nanoseconds)
    }

    /// A bucket behind a reference, since an expectation cannot hold a call that changes a value.
    final class Tap {
        var bucket: TokenBucket

        init(capacity: Int, refill: Int, every period: Duration) {
            bucket = TokenBucket(capacity: capacity, refill: refill, every: period, at: .origin)
        }

        func take(_ count: Int = 1, at now: FleetInstant) -> TokenBucket.Outcome {
            bucket.take(count, at: now)
        }
    }

    @Test("allows its capacity at once, then one at a time as they come")
    func burst() {
        let tap = Tap(capacity: 3, refill: 60, every: .seconds(60))
        for _ in 0..<3 { #expect(tap.take(at: .origin) == .taken) }
        #expect(tap.take(at: .origin) == .refused(retryAfter: .seconds(1)))

        let almost = FleetInstant.origin.advanced(by: .seconds(1) - .nanoseconds(1))
        #expect(tap.take(at: almost) == .refused(retryAfter: .nanoseconds(1)))
        #expect(tap.take(at: .origin.advanced(by: .seconds(1))) == .taken)
        #expect(tap.bucket.available(at: .origin.advanced(by: .seconds(1))) == 0)
        #expect(tap.bucket.available(at: .origin.advanced(by: .seconds(3))) == 2)
        #expect(tap.bucket.available(at: .origin.advanced(by: .seconds(3000))) == 3)
    }

    @Test("grants exactly when its answer said it would", arguments: [1, 3, 7, 59, 61, 997])
    func honestRetry(rate: Int) {
        let tap = Tap(capacity: 1, refill: rate, every: .seconds(60))
        var now = FleetInstant.origin
        #expect(tap.take(at: now) == .taken)
        for _ in 0..<rate * 3 {
            guard case .refused(let wait?) = tap.take(at: now) else {
                Issue.record("a token came early at \(now.nanoseconds)")
                return
            }
            let early = now.advanced(by: wait - .nanoseconds(1))
            #expect(tap.bucket.retryAfter(at: early) == .nanoseconds(1))
            now = now.advanced(by: wait)
            #expect(tap.take(at: now) == .taken)
        }
    }

    @Test("does not drift: a rate that divides nothing gives its exact number in a week")
    func noDrift() {
        let tap = Tap(capacity: 7, refill: 7, every: .seconds(60))
        #expect(tap.take(7, at: .origin) == .taken)
        let minutes = 7 * 24 * 60
        var taken = 0
        for step in 1...(minutes * 6) {
            let now = FleetInstant.origin.advanced(by: .seconds(10 * step))
            while tap.take(at: now) == .taken { taken += 1 }
        }
        #expect(taken == 7 * minutes)
    }

    /// Counts nanosecond by nanosecond.
    struct Model {
        let capacity: Int
        let refill: Int
        let period: Int
        var level: Int
        var clock: Int64 = 0

        mutating func take(_ count: Int, at now: Int64) -> Bool {
            while clock < now {
                clock += 1
                level = min(level + refill, capacity * period)
            }
            guard level >= count * period else { return false }
            level -= count * period
            return true
        }
    }

    @Test("answers as a model that counts every nanosecond", arguments: UInt64(0)..<200)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...6, using: &generator)
        let refill = Int.random(in: 1...9, using: &generator)
        let period = Int.random(in: 1...50, using: &generator)
        var model = Model(
            capacity: capacity, refill: refill, period: period, level: capacity * period)
        let tap = Tap(
            capacity: capacity, refill: refill, every: .nanoseconds(period))
        var now: Int64 = 0
        for _ in 0..<200 {
            now += Int64.random(in: -3...25, using: &generator)
            let count = Int.random(in: 0...capacity + 1, using: &generator)
            let (before, outcome) = (tap.bucket, tap.take(count, at: Self.instant(now)))
            let expected = model.take(count, at: now)
            #expect((outcome == .taken) == expected)
            if case .refused(let wait) = outcome {
                #expect(wait == nil || count <= capacity)
                #expect(before.retryAfter(count, at: Self.instant(now)) == wait)
            }
        }
    }

    @Test("neither gains nor loses by a clock that goes back or leaps")
    func clock() {
        let tap = Tap(capacity: 2, refill: 1, every: .seconds(1))
        #expect(tap.take(2, at: Self.instant(0)) == .taken)
        #expect(tap.take(at: Self.instant(-5_000_000_000)) == .refused(retryAfter: .seconds(1)))
        #expect(tap.take(at: Self.instant(1_000_000_000)) == .taken)
        #expect(tap.bucket.available(at: .distantFuture) == 2)
        #expect(tap.take(at: .distantFuture) == .taken)
    }

    @Test("says never when more is wanted than it can hold")
    func never() {
        let tap = Tap(capacity: 2, refill: 1, every: .seconds(1))
        #expect(tap.take(3, at: .origin) == .refused(retryAfter: nil))
        #expect(tap.take(-3, at: .origin) == .taken)
        #expect(tap.bucket.available(at: .origin) == 2)
    }

    @Test("holds absurd numbers at its ranges")
    func ranges() {
        let small = TokenBucket(capacity: -1, refill: 0, every: .seconds(-1), at: .origin)
        #expect(small.capacity == 1)
        #expect(small.refill == 1)
        #expect(small.period == .nanoseconds(1))
        let tap = Tap(
            capacity: .max, refill: .max, every: .seconds(Int64.max))
        #expect(tap.bucket.period == .seconds(3600))
        #expect(tap.take(tap.bucket.capacity, at: .origin) == .taken)
        #expect(tap.bucket.available(at: Self.instant(1)) == 0)
        #expect(tap.bucket.available(at: .distantFuture) == tap.bucket.capacity)
    }

    @Test("keeps what fits when its numbers change")
    func change() {
        let tap = Tap(capacity: 10, refill: 10, every: .seconds(60))
        #expect(tap.take(4, at: .origin) == .taken)
        let wider = tap.bucket.changed(capacity: 20, refill: 20, every: .seconds(60), at: .origin)
        #expect(wider.available(at: .origin) == 6)
        let narrower = tap.bucket.changed(capacity: 2, refill: 2, every: .seconds(60), at: .origin)
        #expect(narrower.available(at: .origin) == 2)
        #expect(!wider.isFull(at: .origin))
        #expect(narrower.isFull(at: .origin))
    }
}
