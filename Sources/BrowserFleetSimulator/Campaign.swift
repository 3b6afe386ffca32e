// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What a simulated world is a world of. The raw value is that of `fleetctl simulate --world`.
public enum SimulatedWorld: String, Hashable, Sendable, CaseIterable {
    /// One server and its pool.
    case server
    /// Servers, gateways, a store, clients, and the network between them.
    case fleet
}

/// Many seeds in a row, added up.
public struct Campaign: Equatable, Sendable {
    /// A run that ended with a violation.
    public struct Failure: Equatable, Sendable {
        /// The seed; running it again ends in the same way.
        public var seed: UInt64
        /// What was wrong.
        public var violation: Violation
        /// The hash of the trace until then.
        public var traceHash: UInt64
    }

    private enum Subject: Equatable, Sendable {
        case server(PlantedBug?)
        case fleet(PlantedFleetBug?)
    }

    /// Seeds that were run.
    public private(set) var seeds = 0
    /// Things that were made to go wrong.
    public private(set) var faults = 0
    /// Events told to the machines.
    public private(set) var events = 0
    /// Simulated time.
    public private(set) var simulated = Duration.zero
    /// What was seen in worlds of fleets.
    public private(set) var tally = FleetTally()
    /// The failed run of the lowest seed, if any failed.
    public private(set) var failure: Failure?
    private let subject: Subject

    /// Creates a campaign.
    ///
    /// - Parameter world: what to simulate.
    public init(_ world: SimulatedWorld = .server) {
        switch world {
        case .server: subject = .server(nil)
        case .fleet: subject = .fleet(nil)
        }
    }

    /// Creates a campaign over worlds of one server in which a mistake is planted, to try its
    /// checkers.
    public init(bug: PlantedBug) {
        subject = .server(bug)
    }

    /// Creates a campaign over worlds of a fleet in which a mistake is planted.
    public init(bug: PlantedFleetBug) {
        subject = .fleet(bug)
    }

    /// Simulated time in whole hours.
    public var hours: Int64 { simulated.components.seconds / 3600 }

    /// Runs seeds until one fails. Call it with further ranges to go on.
    public mutating func run(_ range: some Sequence<UInt64>) {
        for seed in range where failure == nil {
            seeds += 1
            switch subject {
            case .server(let bug):
                let report = Simulation.run(seed: seed, bug: bug)
                note(seed, report.violation, report.trace, until: report.ended)
                faults += report.faults
                events += report.events
            case .fleet(let bug):
                let report = FleetSimulation.run(seed: seed, bug: bug)
                note(seed, report.violation, report.trace, until: report.ended)
                faults += report.faults
                events += report.events
                tally += report.tally
            }
        }
    }

    private mutating func note(
        _ seed: UInt64, _ violation: Violation?, _ trace: Trace, until end: FleetInstant
    ) {
        simulated += FleetInstant.origin.duration(to: end)
        failure = violation.map { Failure(seed: seed, violation: $0, traceHash: trace.hash) }
    }

    /// Adds what another campaign, run beside this one, has counted.
    public mutating func add(_ other: Campaign) {
        seeds += other.seeds
        faults += other.faults
        events += other.events
        simulated += other.simulated
        tally += other.tally
        guard let theirs = other.failure else { return }
        if theirs.seed < failure?.seed ?? .max { failure = theirs }
    }

    /// What was run, in one line for people.
    public var summary: String {
        let result = failure.map { "seed \($0.seed) failed: it \($0.violation.message)" }
        return "\(seeds) seeds, \(faults) faults, \(events) events, \(hours) simulated hours: "
            + (result ?? "all held")
    }
}
