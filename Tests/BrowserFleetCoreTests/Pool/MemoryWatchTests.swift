// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("When the memory of browsers is read") struct MemoryWatchTests {
    /// The seconds at which a watch reads, when that many MiB are left in one second after another.
    private func readings(
        _ left: [Int64?], interval: Duration = .seconds(15), limit: Int64? = 400 << 20
    ) -> [Int] {
        var watch = MemoryWatch(interval: interval, limit: limit)
        return left.enumerated().compactMap { second, left in
            let now = FleetInstant.origin.advanced(by: .seconds(second))
            return watch.isDue(available: left.map { $0 << 20 }, at: now) ? second : nil
        }
    }

    @Test("at the interval, when nothing happens or nothing is known", arguments: [nil, 8192])
    func interval(left: Int64?) {
        #expect(readings(Array(repeating: left, count: 61)) == [15, 30, 45, 60])
    }

    @Test("at once, when what is left falls by a quarter of one browser's limit, again and again")
    func fall() {
        #expect(readings([1000, 901, 900, 850, 800, 799]) == [2, 4])
    }

    @Test("a fall counts from the most that was left, however slow it is")
    func slowFall() {
        #expect(readings([800, 900, 870, 840, 820, 800]) == [5])
    }

    @Test("never, without a limit")
    func unlimited() {
        #expect(readings([8192, 1, 1, 1], interval: .seconds(1), limit: nil) == [])
    }
}
