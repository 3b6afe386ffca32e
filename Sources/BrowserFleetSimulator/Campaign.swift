// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Many seeds in a row, added up.
public struct Campaign: Equatable, Sendable {
    /// Seeds that were run.
    public private(set) var seeds = 0
    /// Events told to pools.
    public private(set) var events = 0
    /// Simulated time.
    public private(set) var simulated = Duration.zero
    /// The first failed run, if any.
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
            events += report.events
            simulated += FleetInstant.origin.duration(to: report.ended)
            if report.violation != nil { failure = report }
        }
    }

    /// What was run, in one line for people.
    public var summary: String {
        let hours = simulated.components.seconds / 3600
        let result = failure.map { report in
            "seed \(report.seed) failed: it \(report.violation?.message ?? "stopped")"
        }
        return "\(seeds) seeds, \(events) events, \(hours) simulated hours: \(result ?? "all held")"
    }
}
