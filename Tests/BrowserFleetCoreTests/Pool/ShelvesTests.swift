// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("What is asked for and what is there")
struct ShelvesTests {
    @Test(
        "one more is launched only while stock or callers lack one",
        arguments: [
            (warm: 0, starting: 0, waiting: 0, kept: 0, launches: false),
            (warm: 0, starting: 0, waiting: 0, kept: 1, launches: true),
            (warm: 1, starting: 0, waiting: 0, kept: 1, launches: false),
            (warm: 0, starting: 1, waiting: 0, kept: 1, launches: false),
            (warm: 0, starting: 0, waiting: 1, kept: 0, launches: true),
            (warm: 0, starting: 1, waiting: 1, kept: 1, launches: false),
            (warm: 0, starting: 1, waiting: 2, kept: 1, launches: true),
            (warm: 2, starting: 0, waiting: 1, kept: 5, launches: true),
        ])
    func rule(
        _ row: (warm: Int, starting: Int, waiting: Int, kept: Int, launches: Bool)
    ) {
        let warm = (0..<row.warm).map { SlotID(index: $0, occupation: 1) }
        let shelf = Shelf(warm: warm, starting: row.starting, waiting: row.waiting)
        #expect(shelf.wantsLaunch(keptWarm: row.kept, waiting: row.waiting) == row.launches)
    }

    @Test("the sums are those of a fresh count", arguments: UInt64(1)...20)
    func sums(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let kinds = [LaunchProperties.headless, .headful, LaunchProperties(locale: "de-DE")]
        var shelves = Shelves()
        for _ in 0..<300 {
            let kind = kinds[Int.random(in: 0..<3, using: &random)]
            shelves.update(kind) {
                $0.starting = Int.random(in: 0..<4, using: &random)
                $0.waiting = Int.random(in: 0..<4, using: &random)
                let warm = Int.random(in: 0..<3, using: &random)
                $0.warm = (0..<warm).map { SlotID(index: $0, occupation: 1) }
            }
            let fresh = shelves.recount
            #expect(fresh.unmet == shelves.unmet, "seed \(seed)")
            #expect(fresh.covered == shelves.covered, "seed \(seed)")
            #expect(fresh.matched == shelves.matched, "seed \(seed)")
        }
    }
}
