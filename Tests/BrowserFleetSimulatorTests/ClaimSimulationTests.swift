// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetSimulator

@Suite("A server name that processes take from one another")
struct ClaimSimulationTests {
    @Test("is listened to under one epoch at a time, and is held by one in the end")
    func seeds() {
        var (events, faults, epochs) = (0, 0, 0)
        for seed in 1...SimulationTests.count {
            let report = ClaimSimulation.run(seed: seed)
            events += report.events
            faults += report.faults
            epochs += report.epochs
            if let violation = report.violation {
                Issue.record("seed \(seed): it \(violation.message)")
                return
            }
        }
        print("simulated: \(SimulationTests.count) names, \(faults) faults, \(events) events")
        #expect(epochs > Int(SimulationTests.count) * 2)
    }

    @Test("has checkers that find every planted bug", arguments: PlantedClaimBug.allCases)
    func bugs(bug: PlantedClaimBug) {
        let isFound = (UInt64(1)...1000).contains {
            ClaimSimulation.run(seed: $0, bug: bug).violation != nil
        }
        #expect(isFound, "\(bug.rawValue)")
    }

    @Test("leaves the same report for the same seed", arguments: UInt64(1)...20)
    func repeats(seed: UInt64) {
        #expect(ClaimSimulation.run(seed: seed) == ClaimSimulation.run(seed: seed))
    }
}
