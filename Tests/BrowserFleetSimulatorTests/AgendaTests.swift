// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetSimulator

@Suite("What is going to happen")
struct AgendaTests {
    @Test("comes by time, and at one instant in the order it was put in", arguments: UInt64(1)...10)
    func order(seed: UInt64) {
        var dice = Dice(seed: seed)
        var agenda = Agenda<Int>()
        var expected: [(instant: Int, item: Int)] = []
        for item in 0..<200 {
            let instant = dice.number(0...20)
            agenda.add(item, at: FleetInstant(nanoseconds: Int64(instant)))
            expected.append((instant, item))
        }
        expected.sort { ($0.instant, $0.item) < ($1.instant, $1.item) }
        var seen: [Int] = []
        while let next = agenda.pop() { seen.append(next.item) }
        #expect(seen == expected.map(\.item), "seed \(seed)")
        #expect(agenda.next == nil)
    }

    @Test("dice of their own do not change when others draw more")
    func split() {
        var first = Dice(seed: 1)
        var second = Dice(seed: 1)
        var early = first.split()
        var late = second.split()
        _ = first.number(0...9)
        #expect(early.number(0...1_000_000) == late.number(0...1_000_000))
    }
}
