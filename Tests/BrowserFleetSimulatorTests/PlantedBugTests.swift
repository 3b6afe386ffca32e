// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetSimulator

@Suite("The checkers")
struct PlantedBugTests {
    @Test("find every planted bug within 1,000 seeds", arguments: PlantedBug.allCases)
    func found(bug: PlantedBug) {
        var campaign = Campaign(bug: bug)
        campaign.run(1...1000)
        #expect(campaign.failure != nil, "\(bug.rawValue): \(campaign.summary)")
    }

    @Test("know enough bugs to be trusted")
    func enough() {
        #expect(PlantedBug.allCases.count >= 20)
    }

    @Test("replay a failing seed to the same end")
    func replays() throws {
        var campaign = Campaign(bug: .leaksSlots)
        campaign.run(1...1000)
        let failure = try #require(campaign.failure)
        let again = Simulation.run(seed: failure.seed, bug: .leaksSlots, keepsText: true)
        #expect(again.violation == failure.violation)
        #expect(again.trace.hash == failure.traceHash)
        #expect(campaign.summary.contains("seed \(failure.seed) failed"))
    }
}
