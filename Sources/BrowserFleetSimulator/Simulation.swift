// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Runs one seed's world of one server.
public enum Simulation: Sendable {
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
        /// Events told to the pool.
        public var events: Int
        /// Actions it answered with.
        public var actions: Int
        /// What the pool counted, one ledger for each time the server was started.
        public var ledgers: [PoolLedger]
        /// Callers that waited when their server was killed, and so never had an answer.
        public var cutOff: Int
        /// Hash and, if kept, text of what happened.
        public var trace: Trace
    }

    /// Runs the world of `seed` to its end, or to the first violation.
    ///
    /// - Parameters:
    ///   - seed: decides everything: configuration, callers, faults, times.
    ///   - bug: a mistake to plant; `nil` runs the machine as it is.
    ///   - keepsText: whether the trace keeps its text beside its hash, for reading a failed seed.
    /// - Returns: how the run went.
    public static func run(
        seed: UInt64, bug: PlantedBug? = nil, keepsText: Bool = false
    ) -> Report {
        var world = World(seed: seed, bug: bug, keepsText: keepsText)
        var violation: Violation?
        do throws(Violation) { try world.run() } catch { violation = error }
        return Report(
            seed: seed, violation: violation, ended: world.now, faults: world.faults,
            events: world.events, actions: world.actions,
            ledgers: world.pastLedgers + [world.pool.ledger], cutOff: world.cutOff,
            trace: world.trace)
    }
}
