// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Many seeds in a row, added up.
public struct Campaign: Equatable, Sendable {
    /// Seeds that were run.
    public private(set) var seeds = 0
    /// Things that were made to go wrong.
    public private(set) var faults = 0
    /// Events told to pools.
    public private(set) var events = 0
    /// Simulated time.
    public private(set) var simulated = Duration.zero
    /// The failed run of the lowest seed, if any failed.
    public private(set) var failure: Simulation.Report?
    private let bug: PlantedBug?

    /// Creates a campaign, with a mistake planted if its checkers are to be tried.
    public init(bug: PlantedBug? = nil) {
        self.bug = bug
    }

    /// Runs seeds until one fails. Call it with further ranges to go on.
    public mutating func run(_ range: some Sequence<UInt64>) {
        for seed in range where failure == nil {
            let report = Simulation.run(seed: seed, bug: bug)
            seeds += 1
            faults += report.faults
            events += report.events
            simulated += FleetInstant.origin.duration(to: report.ended)
            if report.violation != nil { failure = report }
        }
    }

    /// Adds what another campaign, run beside this one, has counted.
    public mutating func add(_ other: Campaign) {
        seeds += other.seeds
        faults += other.faults
        events += other.events
        simulated += other.simulated
        guard let theirs = other.failure else { return }
        if theirs.seed < failure?.seed ?? .max { failure = theirs }
    }

    /// What was run, in one line for people.
    public var summary: String {
        let hours = simulated.components.seconds / 3600
        let result = failure.map { report in
            "seed \(report.seed) failed: it \(report.violation?.message ?? "stopped")"
        }
        return "\(seeds) seeds, \(faults) faults, \(events) events, \(hours) simulated hours: "
            + (result ?? "all held")
    }
}
