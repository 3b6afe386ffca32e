// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Foundation
import Testing

@testable import BrowserFleetSimulator

@Suite("A simulated fleet")
struct FleetSimulationTests {
    /// An unoptimised build is twenty times slower; it sees fewer worlds, and bugs that show at once.
    static let isOptimised = !_isDebugAssertConfiguration()
    static let count: UInt64 = isOptimised ? 5000 : 6
    static let planted: [PlantedFleetBug] =
        isOptimised ? PlantedFleetBug.allCases : [.losesHeartbeats, .refusesTwice, .misroutes]
    /// Every bug shows far earlier than invariant 6 wants; more seeds would hide a dull checker.
    static let seedsPerBug: UInt64 = 100

    @Test("keeps every rule in thousands of worlds")
    func seeds() async {
        let begin = ContinuousClock.now
        let campaign = await withTaskGroup(of: Campaign.self) { group in
            for first in stride(from: 1, through: Self.count, by: 20) {
                group.addTask {
                    var part = Campaign(.fleet)
                    part.run(first...min(first + 19, Self.count))
                    return part
                }
            }
            return await group.reduce(into: Campaign(.fleet)) { $0.add($1) }
        }
        let time = begin.duration(to: .now)
        print("simulated: \(campaign.summary), in \(time.components.seconds) s")
        print("simulated: \(campaign.tally)")
        Self.expectSound(campaign)
        #expect(campaign.seeds == Int(Self.count))
        #expect(campaign.faults >= 2000 * campaign.seeds, "\(campaign.summary)")
        #expect(campaign.events > 5000 * campaign.seeds, "\(campaign.summary)")
        Self.expectLively(campaign.tally, worlds: campaign.seeds)
    }

    static func expectSound(_ campaign: Campaign) {
        #expect(campaign.failure == nil, "\(campaign.summary)")
    }

    /// That everything there is to see was seen, and often.
    private static func expectLively(_ tally: FleetTally, worlds: Int) {
        #expect(tally.asked > 500 * worlds)
        #expect(tally.made > 100 * worlds)
        #expect(tally.waited > 20 * worlds)
        #expect(tally.failures > 50 * worlds)
        #expect(tally.released > worlds)
        #expect(tally.processes > 20 * worlds)
        #expect(tally.lost > worlds)
        #expect(tally.returned > worlds)
        #expect(tally.replaced > 10 * worlds)
        #expect(tally.stale > worlds)
    }

    @Test("fails where a bug was planted: the check above can fail")
    func canary() {
        withKnownIssue {
            var campaign = Campaign(bug: PlantedFleetBug.asksNoJury)
            campaign.run(1...100)
            Self.expectSound(campaign)
        }
    }

    @Test("has checkers that find every planted bug", arguments: planted)
    func bugs(bug: PlantedFleetBug) {
        var campaign = Campaign(bug: bug)
        campaign.run(1...Self.seedsPerBug)
        #expect(campaign.failure != nil, "\(bug.rawValue): \(campaign.summary)")
    }

    @Test("knows enough bugs to be trusted")
    func enough() {
        #expect(PlantedFleetBug.allCases.count >= 20)
    }

    @Test("leaves the same report for the same seed", arguments: UInt64(1)...(isOptimised ? 10 : 2))
    func repeats(seed: UInt64) {
        #expect(FleetSimulation.run(seed: seed) == FleetSimulation.run(seed: seed))
    }

    @Test("leaves a trace whose text is the same too, and others for other seeds")
    func text() {
        // A world that ends early: text is slow.
        func run(_ seed: UInt64, keepsText: Bool) -> Trace {
            FleetSimulation.run(seed: seed, bug: .losesHeartbeats, keepsText: keepsText).trace
        }
        let first = run(7, keepsText: true)
        #expect(first.lines.count > 50)
        #expect(first.lines == run(7, keepsText: true).lines)
        #expect(first.hash == run(7, keepsText: false).hash)
        #expect(first.hash != run(8, keepsText: false).hash)
    }

    /// Invariant 8. A server-day costs about half a second, so CI sees some tens of them and none
    /// may be wrong; the long form sees a thousand, and one may.
    @Test("gives up hardly anybody because packets are lost and processes pause")
    func quiet() async {
        let isLong = ProcessInfo.processInfo.environment["FLEET_SOAK"] == "1"
        let worlds: UInt64 = !Self.isOptimised ? 1 : isLong ? 112 : 4
        let length = Duration.seconds(Self.isOptimised ? 86_400 : 600)
        let tally = await withTaskGroup(of: FleetSimulation.Report.self) { group in
            for seed in 1...worlds {
                group.addTask { FleetSimulation.runQuietly(seed: seed, for: length) }
            }
            return await group.reduce(into: FleetTally()) { sum, report in
                #expect(report.violation == nil, "\(report.violation?.message ?? "")")
                sum += report.tally
            }
        }
        let days = Double(tally.serverSeconds) / 86_400
        print("simulated: \(days) quiet server-days, \(tally.falselyLost) wrong evictions")
        #expect(Double(tally.falselyLost) <= days / 1000)
    }
}
