// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetTesting
import Testing

@Suite("The manual clock", .timeLimit(.minutes(1)))
struct ManualClockTests {
    @Test("it stands still until it is moved")
    func standsStill() {
        let clock = ManualClock(epoch: 1000)
        #expect(clock.now == .origin)
        clock.advance(by: .seconds(2))
        #expect(clock.now == FleetInstant(nanoseconds: 2_000_000_000))
        #expect(clock.unixMilliseconds == 3000)
    }

    @Test("a sleeper wakes when its deadline has come, not before")
    func sleeper() async throws {
        let clock = ManualClock()
        let count = clock.sleepsScheduled
        let sleeper = Task {
            try await clock.sleep(until: .origin.advanced(by: .seconds(5)))
            return clock.now
        }
        await clock.nextSleepScheduled(after: count)
        clock.advance(by: .seconds(4))
        clock.advance(by: .seconds(3))
        #expect(try await sleeper.value == .origin.advanced(by: .seconds(7)))
    }

    @Test("a deadline in the past does not suspend")
    func past() async throws {
        try await ManualClock(now: FleetInstant(nanoseconds: 9)).sleep(until: .origin)
    }

    @Test("a cancelled sleeper throws")
    func cancelled() async {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(until: .distantFuture) }
        await clock.nextSleepScheduled(after: 0)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
