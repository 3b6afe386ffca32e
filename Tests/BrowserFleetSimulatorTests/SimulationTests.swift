// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetSimulator

@Suite("A simulated server")
struct SimulationTests {
    /// An unoptimised build is twenty times slower; it sees fewer worlds.
    static let isOptimised = !_isDebugAssertConfiguration()
    static let count: UInt64 = isOptimised ? 5000 : 100

    @Test("keeps every rule in thousands of worlds")
    func seeds() async {
        let campaign = await withTaskGroup(of: Campaign.self) { group in
            for first in stride(from: 1, through: Self.count, by: 100) {
                group.addTask {
                    var part = Campaign()
                    part.run(first..<first + 100)
                    return part
                }
            }
            return await group.reduce(into: Campaign()) { $0.add($1) }
        }
        print("simulated: \(campaign.summary)")
        Self.expectSound(campaign)
        #expect(campaign.seeds == Int(Self.count))
        #expect(campaign.events > 1000 * campaign.seeds, "\(campaign.summary)")
        #expect(campaign.faults > 100 * campaign.seeds, "\(campaign.summary)")
    }

    static func expectSound(_ campaign: Campaign) {
        #expect(campaign.failure == nil, "\(campaign.summary)")
    }

    @Test("fails where a bug was planted: the check above can fail")
    func canary() {
        withKnownIssue {
            var campaign = Campaign(bug: .grantsTwice)
            campaign.run(1...100)
            Self.expectSound(campaign)
        }
    }

    @Test("leaves the same trace for the same seed", arguments: UInt64(1)...(isOptimised ? 50 : 5))
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

    @Test("leaves other traces for other seeds")
    func differs() {
        let hashes = (UInt64(1)...20).map { Simulation.run(seed: $0).trace.hash }
        #expect(Set(hashes).count == 20)
    }

    @Test("sees every end, every refusal and every trouble there is")
    func coverage() {
        let ledgers = (UInt64(1)...100).flatMap { Simulation.run(seed: $0).ledgers }
        func total(_ count: (PoolLedger) -> Int) -> Int { ledgers.reduce(0) { $0 + count($1) } }
        // The pool knows no name, and has no lease to make room with.
        for reason in EndReason.allCases where reason != .evicted && reason != .fenced {
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
        for seed in UInt64(1)...(Self.isOptimised ? 50 : 10) {
            let report = Simulation.run(seed: seed)
            let asked = report.ledgers.reduce(0) { $0 + $1.requested }
            let answered = report.ledgers.reduce(0) { $0 + $1.granted + $1.refused }
            #expect(asked == answered + report.cutOff, "seed \(seed)")
        }
    }
}
