// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("An instant of the fleet")
struct FleetInstantTests {
    @Test("moves by a duration and measures it again")
    func arithmetic() {
        let start = FleetInstant(nanoseconds: 5)
        let later = start.advanced(by: .milliseconds(2))
        #expect(later.nanoseconds == 2_000_005)
        #expect(start.duration(to: later) == .milliseconds(2))
        #expect(later.duration(to: start) == .milliseconds(-2))
        #expect(start < later)
        #expect(FleetInstant.origin < start)
    }

    @Test("is held at the ends of the clock instead of overflowing")
    func ends() {
        let never = FleetInstant.distantFuture
        let first = FleetInstant(nanoseconds: .min)
        #expect(never.advanced(by: .seconds(1)) == never)
        #expect(never.advanced(by: .seconds(Int64.max)) == never)
        #expect(first.advanced(by: .seconds(-1)) == first)
        #expect(first.duration(to: never) == .nanoseconds(Int64.max))
        #expect(never.duration(to: first) == .nanoseconds(Int64.min))
    }

    @Test(
        "counts whole nanoseconds, rounded towards zero",
        arguments: [
            (.zero, 0), (.nanoseconds(1), 1), (.nanoseconds(-1), -1),
            (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0),
            (Duration(secondsComponent: 0, attosecondsComponent: -999_999_999), 0),
            (.seconds(-2), -2_000_000_000), (.seconds(Int64.max), .max),
            (.seconds(Int64.min), .min),
            (.nanoseconds(Int64.max), .max), (.nanoseconds(Int64.min), .min),
        ] as [(Duration, Int64)])
    func wholeNanoseconds(duration: Duration, expected: Int64) {
        #expect(duration.wholeNanoseconds == expected)
    }

    @Test(
        "tells waits rounded up, so that nobody comes early",
        arguments: [
            (.zero, 0, 0), (.nanoseconds(1), 1, 1), (.milliseconds(1), 1, 1),
            (.milliseconds(1000), 1000, 1), (.milliseconds(1001), 1001, 2),
            (.seconds(7) + .nanoseconds(1), 7001, 8), (.milliseconds(-1500), -1500, -1),
        ] as [(Duration, Int64, Int64)])
    func rounding(duration: Duration, milliseconds: Int64, seconds: Int64) {
        #expect(duration.wholeMillisecondsRoundedUp == milliseconds)
        #expect(duration.wholeSecondsRoundedUp == seconds)
    }
}
