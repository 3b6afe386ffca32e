// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetSimulator

/// `fleetctl simulate`: the core of this very program, in made-up worlds.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs made-up worlds of one server and checks every rule in them.",
        discussion: """
            A seed decides everything in its world, so a world that failed can be replayed: every \
            event and what the server did, line by line.
            """)

    @OptionGroup var output: OutputOptions

    @Option(help: "How many worlds.")
    var seeds: UInt64 = 1000

    @Option(help: "The first seed; the others follow it.")
    var first: UInt64 = 1

    @Option(help: "Prints what happened in the world of this seed instead.")
    var replay: UInt64?

    func validate() throws {
        guard (1...100_000_000).contains(seeds), first <= UInt64.max - seeds else {
            throw ValidationError("--seeds must be 1 to 100000000")
        }
    }

    func run() async throws {
        if let replay { return try play(replay) }
        let campaign = await Self.campaign(first: first, count: seeds)
        try output.format.print(SimulationReport(campaign), table: \.table)
        guard let failure = campaign.failure else { return }
        throw CommandFailure(
            .failed, "seed \(failure.seed): it \(failure.violation?.message ?? "failed")",
            next: "fleetctl simulate --replay \(failure.seed)")
    }

    private func play(_ seed: UInt64) throws {
        let report = Simulation.run(seed: seed, keepsText: true)
        for line in report.trace.lines { print(line) }
        guard let violation = report.violation else { return Talk.say("all held") }
        throw CommandFailure(.failed, "seed \(seed): it \(violation.message)")
    }

    /// Runs worlds on all cores and adds them up.
    static func campaign(first: UInt64, count: UInt64) async -> Campaign {
        let block: UInt64 = 50
        return await withTaskGroup(of: Campaign.self) { group in
            var total = Campaign()
            var next: UInt64 = 0
            // Blocks are handed out one by one, so that millions of worlds are not millions of tasks.
            for _ in 0..<16 where next < count { add(&next) }
            while let part = await group.next() {
                total.add(part)
                if next < count, total.failure == nil { add(&next) }
            }
            return total

            func add(_ next: inout UInt64) {
                let range = first + next..<first + min(count, next + block)
                next += block
                group.addTask {
                    var part = Campaign()
                    part.run(range)
                    return part
                }
            }
        }
    }
}

/// What was simulated.
struct SimulationReport: Encodable, Equatable {
    /// Worlds.
    var seeds: Int
    /// Things that were made to go wrong.
    var faults: Int
    /// Events told to the server's pool.
    var events: Int
    /// Simulated time in whole hours.
    var hours: Int64
    /// The lowest seed whose world broke a rule; absent if none did.
    var failedSeed: UInt64?

    init(_ campaign: Campaign) {
        seeds = campaign.seeds
        faults = campaign.faults
        events = campaign.events
        hours = campaign.simulated.components.seconds / 3600
        failedSeed = campaign.failure?.seed
    }

    /// For people.
    var table: Table {
        Table(pairs: [
            ("worlds", "\(seeds)"), ("faults", "\(faults)"), ("events", "\(events)"),
            ("simulated hours", "\(hours)"),
            ("result", failedSeed.map { "seed \($0) failed" } ?? "all held"),
        ])
    }
}
