// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Runs one seed's world of one server name: processes that take it from one another, a store that
/// forgets, clocks that jump, messages that are lost.
public enum ClaimSimulation: Sendable {
    /// How a run went.
    public struct Report: Equatable, Sendable {
        /// The seed; the same seed gives the same report in every process.
        public var seed: UInt64
        /// What was wrong, if anything; the run ends there.
        public var violation: Violation?
        /// When it was wrong, or when the run ended.
        public var ended: FleetInstant
        /// Things that were made to go wrong.
        public var faults: Int
        /// Events told to claims.
        public var events: Int
        /// Processes that were started.
        public var processes: Int
        /// Epochs that were listened to, one after the other.
        public var epochs: Int
    }

    /// Runs the world of `seed` to its end, or to the first violation.
    public static func run(seed: UInt64, bug: PlantedClaimBug? = nil) -> Report {
        var world = ClaimWorld(seed: seed, bug: bug)
        var violation: Violation?
        do throws(Violation) { try world.run() } catch { violation = error }
        return Report(
            seed: seed, violation: violation, ended: world.now, faults: world.faults,
            events: world.events, processes: world.processes.count,
            epochs: world.accepted.count)
    }
}
