// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetSimulator

@Suite("A simulated server")
struct SimulationTests {
    @Test("keeps every rule in 1,000 worlds", arguments: 0..<UInt64(10))
    func seeds(block: UInt64) {
        var campaign = Campaign()
        campaign.run(block * 100 + 1...block * 100 + 100)
        #expect(campaign.failure == nil, "\(campaign.summary)")
        #expect(campaign.seeds == 100)
        #expect(campaign.events > 50_000, "\(campaign.summary)")
    }

    @Test("leaves the same trace for the same seed", arguments: UInt64(1)...50)
    func repeats(seed: UInt64) {
        #expect(Simulation.run(seed: seed) == Simulation.run(seed: seed))
    }

    @Test("leaves a trace whose text is the same too")
    func text() {
        let first = Simulation.run(seed: 7, keepsText: true)
        #expect(first.trace.lines.count > first.events)
        #expect(first.trace.lines == Simulation.run(seed: 7, keepsText: true).trace.lines)
        #expect(first.trace.hash == Simulation.run(seed: 7).trace.hash)
    }

    /// Dictionaries are seeded anew in every process, so only a figure written down shows that
    /// their order reaches nothing. Whoever changes the world or the pool writes down the new ones.
    @Test(
        "leaves the same trace in every process",
        arguments: [
            (UInt64(1), UInt64(7_829_118_326_611_773_918)), (2, 14_515_005_742_469_980_810),
            (3, 15_668_557_959_025_163_604),
        ])
    func pinned(seed: UInt64, hash: UInt64) {
        #expect(Simulation.run(seed: seed).trace.hash == hash)
    }

    @Test("leaves other traces for other seeds")
    func differs() {
        let hashes = (UInt64(1)...20).map { Simulation.run(seed: $0).trace.hash }
        #expect(Set(hashes).count == 20)
    }

    @Test("sees every end, every refusal and every trouble there is")
    func coverage() {
        let ledgers = (UInt64(1)...100).map { Simulation.run(seed: $0).ledger }
        func total(_ count: (PoolLedger) -> Int) -> Int { ledgers.reduce(0) { $0 + count($1) } }
        for reason in EndReason.allCases where reason != .evicted {
            #expect(total { $0.leasesEnded(reason) } > 0, "no lease ended as \(reason.rawValue)")
        }
        #expect(total { $0.unleasedEnded(.evicted) } > 0)
        let reasons: [Refusal.Reason] = [
            .queueFull, .queueTimeout, .draining, .quarantined, .pressure(.cpu), .launchFailed,
            .cancelled,
        ]
        for reason in reasons {
            #expect(total { $0.refused(reason) } > 0, "nobody was refused as \(reason.word)")
        }
        #expect(total(\.launchTimeouts) > 0)
        #expect(total(\.quarantines) > 0)
        #expect(total(\.grantedWarm) > 500)
        #expect(total(\.grantedCold) > 1000)
    }

    @Test("answers every request exactly once")
    func answers() {
        for seed in UInt64(1)...50 {
            let ledger = Simulation.run(seed: seed).ledger
            #expect(ledger.requested == ledger.granted + ledger.refused, "seed \(seed)")
        }
    }
}
