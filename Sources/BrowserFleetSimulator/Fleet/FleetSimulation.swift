// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Runs one seed's world of a fleet: servers, a store, gateways, clients, and the network between.
public enum FleetSimulation: Sendable {
    /// How a run went.
    public struct Report: Equatable, Sendable {
        /// The seed; the same seed gives the same report in every process.
        public var seed: UInt64
        /// What was wrong, if anything; the run ends there.
        public var violation: Violation?
        /// When it was wrong, or when the run ended.
        public var ended: FleetInstant
        /// Things that were made to go wrong, lost packets not counted.
        public var faults: Int
        /// Events told to gateways and claims.
        public var events: Int
        /// What was seen.
        public var tally: FleetTally
        /// Hash and, if kept, text of what happened at the gateways.
        public var trace: Trace
    }

    /// Runs the world of `seed` to its end, or to the first violation.
    ///
    /// - Parameters:
    ///   - seed: decides everything: servers, gateways, callers, faults, times.
    ///   - bug: a mistake to plant; `nil` runs the machines as they are.
    ///   - keepsText: whether the trace keeps its text beside its hash, for reading a failed seed.
    /// - Returns: how the run went.
    public static func run(
        seed: UInt64, bug: PlantedFleetBug? = nil, keepsText: Bool = false
    ) -> Report {
        run(FleetWorld(seed: seed, bug: bug, keepsText: keepsText), seed)
    }

    /// Runs a world in which nothing happens but 5 % of packets are lost and processes pause for
    /// up to 2 s, about three times a minute: every server that is given up there is a mistake.
    ///
    /// - Parameters:
    ///   - seed: decides when what happens.
    ///   - servers: how many one gateway watches.
    ///   - length: for how long.
    /// - Returns: how the run went.
    public static func runQuietly(
        seed: UInt64, servers: Int = 9, for length: Duration
    ) -> Report {
        let plan = FleetPlan.quiet(seats: servers, length: length)
        return run(FleetWorld(seed: seed, plan: plan, bug: nil, keepsText: false), seed)
    }

    private static func run(_ world: FleetWorld, _ seed: UInt64) -> Report {
        var world = world
        var violation: Violation?
        do throws(Violation) { try world.run() } catch { violation = error }
        world.tally.serverSeconds =
            world.now.nanoseconds / 1_000_000_000 * Int64(world.plan.seats * world.plan.gateways)
        return Report(
            seed: seed, violation: violation, ended: world.now, faults: world.faults,
            events: world.events, tally: world.tally, trace: world.trace)
    }
}
