// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("Jitter")
struct JitterTests {
    @Test("spreads evenly to both sides and stays in its bounds", arguments: UInt64(0)..<5)
    func bothSides(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let drawn = (0..<2000).map { _ in Duration.seconds(10).jittered(by: 0.1, using: &generator)
        }
        #expect(drawn.allSatisfy { (.seconds(9) ... .seconds(11)).contains($0) })
        #expect(drawn.filter { $0 < .seconds(9.5) }.count > 350)
        #expect(drawn.filter { $0 > .seconds(10.5) }.count > 350)
    }

    @Test("of an upper bound only shortens", arguments: UInt64(0)..<5)
    func oneSide(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let drawn = (0..<2000).map { _ in
            Duration.seconds(100).shortened(byUpTo: 0.05, using: &generator)
        }
        #expect(drawn.allSatisfy { (.seconds(95) ... .seconds(100)).contains($0) })
        #expect(drawn.filter { $0 < .seconds(96) }.count > 250)
        #expect(drawn.filter { $0 > .seconds(99) }.count > 250)
    }

    @Test("leaves alone what it cannot spread", arguments: [-1, 0, Double.nan])
    func nothing(fraction: Double) {
        var generator = SeededGenerator(seed: 1)
        #expect(Duration.seconds(5).jittered(by: fraction, using: &generator) == .seconds(5))
        #expect(Duration.zero.jittered(by: 0.5, using: &generator) == .zero)
        #expect(Duration.seconds(-5).shortened(byUpTo: 0.5, using: &generator) == .seconds(-5))
        #expect(generator == SeededGenerator(seed: 1), "drew a number for nothing")
    }

    @Test("is never negative and never overflows", arguments: [1, 7, Double.infinity])
    func extremes(fraction: Double) {
        var generator = SeededGenerator(seed: 2)
        for duration in [Duration.nanoseconds(1), .seconds(3), .nanoseconds(Int64.max)] {
            for _ in 0..<100 {
                #expect(duration.jittered(by: fraction, using: &generator) >= .zero)
                let shortened = duration.shortened(byUpTo: fraction, using: &generator)
                #expect((.zero...duration).contains(shortened))
            }
        }
    }
}
