// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// One seed's fleet: how many of what, how they talk, how much goes wrong. Everything is drawn from
/// the seed and stays the same for the run.
struct FleetPlan: Equatable, Sendable {
    /// Servers, by name; each is one process after the other.
    var seats: Int
    var gateways: Int
    /// Leases a server can have at once.
    var capacity: Int
    /// Whether names are claimed in a store that all share; else processes count for themselves.
    var hasStore: Bool
    /// Of the servers, how many send no heartbeats and are asked.
    var pulled: Int
    /// How many regions there are.
    var regions: Int
    var strategy: PlacementStrategy
    var queueBound: Int
    /// Out of 1,000 packets, how many are sent again after a while.
    var loss: Int
    /// The most milliseconds between two faults in a storm, and how long storms and calms are.
    var faultGap: Int
    var storm: Duration
    var calm: Duration
    /// Of both, one after the other, how many.
    var storms: Int
    /// The most milliseconds between two callers at one gateway; 0 for none.
    var callerGap: Int
    /// Whether the only thing that goes wrong is that packets are lost and processes pause.
    var isQuiet = false

    /// How a gateway watches: the defaults, but that a server is forgiven in seconds.
    static let limits = FleetLimits(
        outliers: OutlierDetector.Limits(base: .seconds(2), longest: .seconds(6)))
    /// How calls travel.
    var creates: CreateLimits {
        CreateLimits(
            queueBound: queueBound, attemptPatience: .seconds(4), leastPatience: .seconds(1))
    }

    /// How long it takes at most until a silent server gets no more browsers.
    static let detectionBound = Duration.seconds(4)

    /// Draws a plan.
    init(_ dice: inout Dice) {
        seats = dice.number(3...9)
        gateways = dice.number(1...3)
        capacity = dice.number(1...4)
        hasStore = dice.chance(500)
        pulled = dice.chance(300) ? dice.number(1...seats) : 0
        regions = dice.number(1...3)
        strategy = dice.pick(PlacementStrategy.allCases)
        queueBound = dice.pick([0, 2, 8, 30])
        loss = dice.pick([0, 0, 20, 50, 200])
        faultGap = dice.pick([40, 80, 120])
        let drawn = dice.pick([10_000, 20_000, 40_000])
        calm = .seconds(dice.pick([2, 5, 8]))
        callerGap = dice.pick([150, 400, 1000])
        // The same number of faults in every world, however long its storms are.
        let together = Self.faults * (faultGap + 1)
        storms = max(1, (together + drawn / 2) / drawn)
        storm = .milliseconds(together / storms)
    }

    /// How many faults a world has on average, and a few more.
    static let faults = 2000

    /// A quiet world: nothing ever happens to `seats` servers but lost packets and short pauses.
    static func quiet(seats: Int, length: Duration) -> FleetPlan {
        var dice = Dice(seed: 0)
        var plan = FleetPlan(&dice)
        (plan.seats, plan.gateways, plan.hasStore, plan.pulled) = (seats, 1, false, 0)
        (plan.loss, plan.faultGap, plan.callerGap, plan.regions) = (50, 20_000, 0, 1)
        (plan.storm, plan.calm, plan.storms) = (length, .zero, 1)
        plan.isQuiet = true
        return plan
    }
}
