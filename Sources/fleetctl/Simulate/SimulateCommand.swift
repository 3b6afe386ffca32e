// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import BrowserFleetSimulator

/// `fleetctl simulate`: the core of this very program, in made-up worlds.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs made-up worlds of a server or a fleet and checks every rule in them.",
        discussion: """
            A seed decides everything in its world, so a world that failed can be replayed: every \
            event and what the server or the gateways did, line by line. --hours makes a campaign: \
            worlds are run until so many hours have passed in them. Once a minute it says with which \
            --first and --hours it would go on from there, should it be interrupted.
            """)

    @OptionGroup var output: OutputOptions

    @Option(help: "What to simulate: server or fleet.")
    var world: SimulatedWorld = .server

    @Option(help: "How many worlds.")
    var seeds: UInt64 = 1000

    @Option(help: "The first seed; the others follow it.")
    var first: UInt64 = 1

    @Option(help: "Goes on, over --seeds, until so many hours were simulated.")
    var hours: Int64?

    @Option(help: "Prints what happened in the world of this seed instead.")
    var replay: UInt64?

    func validate() throws {
        guard (1...100_000_000).contains(seeds), first <= UInt64.max - seeds else {
            throw ValidationError("--seeds must be 1 to 100000000")
        }
        guard (hours ?? 1) > 0 else { throw ValidationError("--hours must be 1 or more") }
    }

    func run() async throws {
        if let replay { return try play(replay) }
        let campaign = await Self.campaign(
            world, first: first, count: hours == nil ? seeds : UInt64.max - first, hours: hours)
        try output.format.print(SimulationReport(campaign), table: \.table)
        guard let failure = campaign.failure else { return }
        throw CommandFailure(
            .failed, "seed \(failure.seed): it \(failure.violation.message)",
            next: "fleetctl simulate --world \(world.rawValue) --replay \(failure.seed)")
    }

    private func play(_ seed: UInt64) throws {
        switch world {
        case .server:
            let report = Simulation.run(seed: seed, keepsText: true)
            try play(seed, report.trace, report.violation)
        case .fleet:
            let report = FleetSimulation.run(seed: seed, keepsText: true)
            try play(seed, report.trace, report.violation)
        }
    }

    private func play(_ seed: UInt64, _ trace: Trace, _ violation: Violation?) throws {
        for line in trace.lines { print(line) }
        guard let violation else { return Talk.say("all held") }
        throw CommandFailure(.failed, "seed \(seed): it \(violation.message)")
    }

    /// Runs worlds on all cores and adds them up, until one fails, `count` were run, or `hours`
    /// have passed in them.
    static func campaign(
        _ world: SimulatedWorld = .server, first: UInt64, count: UInt64, hours: Int64? = nil
    ) async -> Campaign {
        let block: UInt64 = world == .server ? 50 : 10
        return await withTaskGroup(of: (UInt64, Campaign).self) { group in
            var total = Campaign(world)
            var next = first
            let end = first + count
            var running: Set<UInt64> = []
            var progress = CampaignProgress(goal: hours)
            // Blocks are handed out one by one, so that millions of worlds are not millions of tasks.
            for _ in 0..<16 where next < end { add() }
            while let (begin, part) = await group.next() {
                total.add(part)
                running.remove(begin)
                progress.note(total, next: running.min() ?? next)
                let isEnough = hours.map { total.hours >= $0 } ?? false
                if next < end, total.failure == nil, !isEnough { add() }
            }
            return total

            func add() {
                let range = next..<next + min(block, end - next)
                next = range.upperBound
                running.insert(range.lowerBound)
                group.addTask {
                    var part = Campaign(world)
                    part.run(range)
                    return (range.lowerBound, part)
                }
            }
        }
    }
}

/// Says once a minute how far a campaign is, and how to go on from there.
private struct CampaignProgress {
    /// The simulated hours that are wanted; without them nothing is said.
    let goal: Int64?
    private var saidAt = ContinuousClock.now

    init(goal: Int64?) { self.goal = goal }

    /// A part of the campaign is over; all worlds below `next` were run.
    mutating func note(_ campaign: Campaign, next: UInt64) {
        guard let goal, saidAt.duration(to: .now) >= .seconds(60) else { return }
        saidAt = .now
        let rest = max(1, goal - campaign.hours)
        Talk.say(
            "\(campaign.hours) hours in \(campaign.seeds) worlds; "
                + "to go on from here: --first \(next) --hours \(rest)")
    }
}

extension SimulatedWorld: ExpressibleByArgument {}

/// What was simulated.
struct SimulationReport: Encodable, Equatable {
    /// Worlds.
    var seeds: Int
    /// Things that were made to go wrong.
    var faults: Int
    /// Events told to the machines.
    var events: Int
    /// Simulated time in whole hours.
    var hours: Int64
    /// The lowest seed whose world broke a rule; absent if none did.
    var failedSeed: UInt64?

    init(_ campaign: Campaign) {
        seeds = campaign.seeds
        faults = campaign.faults
        events = campaign.events
        hours = campaign.hours
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
