// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A server that falls silent")
struct FailureDetectorTests {
    private static func at(_ milliseconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .milliseconds(milliseconds))
    }

    /// Wakes the detector at each of its deadlines; what it wanted, with the milliseconds.
    private func wakes(_ detector: inout FailureDetector) -> [(Int64, FailureDetector.Action)] {
        var seen: [(Int64, FailureDetector.Action)] = []
        while let deadline = detector.nextDeadline {
            for action in detector.woke(at: deadline) {
                seen.append((deadline.nanoseconds / 1_000_000, action))
            }
        }
        return seen
    }

    @Test("is asked three times and is lost within four seconds of its last heartbeat")
    func silence() {
        var detector = FailureDetector(at: .origin)
        let seen = wakes(&detector)
        #expect(seen.map(\.1) == [.probe, .probe, .probe, .lost])
        #expect(seen.map(\.0) == [3000, 3333, 3666, 3999])
    }

    @Test("is well again by one answer, whenever it comes")
    func answers() {
        var detector = FailureDetector(at: .origin)
        _ = detector.woke(at: Self.at(3000))
        #expect(detector.state == .suspect(probes: 1))
        #expect(detector.heard(at: Self.at(3100)) == [])
        #expect(detector.state == .alive)
        #expect(detector.nextDeadline == Self.at(6100))
        _ = wakes(&detector)
        #expect(detector.state == .lost)
        #expect(detector.heard(at: Self.at(60000)) == [.returned])
    }

    @Test("is not lost because the observer slept")
    func sleeper() {
        var detector = FailureDetector(at: .origin)
        #expect(detector.woke(at: Self.at(90000)) == [.probe], "it asks first")
        #expect(detector.nextDeadline == Self.at(90333))
        #expect(detector.woke(at: Self.at(90001)) == [], "early is harmless")
        #expect(detector.woke(at: Self.at(90333)) == [.probe])
        #expect(detector.woke(at: Self.at(90666)) == [.probe])
        #expect(detector.woke(at: Self.at(150000)) == [.probe], "answers may lie unread")
        #expect(detector.state == .suspect(probes: 1))
    }

    @Test("is evicted as one of a tenth of the fleet in a minute, at least one")
    func budget() {
        var small = EvictionBudget()
        #expect(small.take(known: 5, silent: 1, at: Self.at(0)) == true)
        #expect(small.take(known: 5, silent: 1, at: Self.at(59_999)) == false)
        #expect(small.take(known: 5, silent: 1, at: Self.at(60_000)) == true)
        var large = EvictionBudget()
        let taken = (0..<20).filter { large.take(known: 100, silent: 20, at: Self.at($0)) }
        #expect(taken.count == 10)
    }

    @Test(
        "is not evicted by an observer that is cut off",
        arguments: [(1, 1), (2, 2), (4, 2), (3, 2), (10, 9), (100, 50)])
    func isolated(known: Int, silent: Int) {
        var budget = EvictionBudget()
        #expect(budget.take(known: known, silent: silent, at: .origin) == false)
        #expect(budget.take(known: 3, silent: 1, at: .origin) == true, "nothing was spent")
    }
}
