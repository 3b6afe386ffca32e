// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// One seed's world: the pool's configuration, how callers behave, how much goes wrong. Everything
/// is drawn from the seed and stays the same for the run.
struct Scenario: Equatable, Sendable {
    /// What the operator decided.
    var configuration: PoolConfiguration
    /// How long callers come and things go wrong; after that the world only settles.
    var length: Duration
    /// The most milliseconds between two arrivals.
    var arrivalGap: Int
    /// Out of 1,000 arrivals, how many bring a crowd with them.
    var crowds: Int
    /// Out of 1,000 launches: those that fail, never answer, are slow.
    var launchFails: Int
    var launchHangs: Int
    var launchSlow: Int
    /// Out of 1,000 ends: those that hang until they are forced.
    var endHangs: Int
    /// Out of 1,000 forced ends: those that have to be asked for again.
    var killFails: Int
    /// Out of 1,000 browsers that come up: those that break by themselves.
    var breaks: Int
    /// Out of 1,000 callers: those that go away while they wait.
    var vanish: Int
    /// Out of 1,000 events: those told twice, and those told with a clock read too early.
    var echoes: Int
    /// The drain in the middle, if there is one, and whether it is taken back.
    var drains: Bool
    var resumes: Bool
    /// Whether the server stops for good before the lively time is over.
    var stops: Bool
    /// Whether there is a time in which every launch fails, and one in which the computer is busy.
    var hasStorm: Bool
    var hasLoad: Bool
    /// How often the clock leaps forward, as after a suspended virtual machine.
    var leaps: Int
    /// How often the server is killed and started again.
    var kills: Int

    /// How long the pool may take to notice what hangs or fails: a launch, an end, a pause.
    var detectionBound: Duration {
        let limits = configuration.launch
        return max(limits.deadline, limits.endDeadline, limits.longestBackOff)
    }

    /// Draws a scenario.
    init(_ dice: inout Dice) {
        configuration = Self.configuration(&dice)
        length = .seconds(dice.pick([40, 60, 120, 240]))
        arrivalGap = dice.pick([100, 500, 1000, 3000])
        crowds = dice.pick([0, 20, 100])
        let rough = dice.chance(600)
        launchFails = rough ? dice.number(0...300) : 0
        launchHangs = rough ? dice.number(0...100) : 0
        launchSlow = dice.number(0...200)
        endHangs = rough ? dice.number(0...100) : 0
        killFails = rough ? dice.number(0...300) : 0
        breaks = rough ? dice.number(0...200) : 0
        vanish = dice.pick([0, 50, 400])
        echoes = dice.pick([0, 20])
        drains = dice.chance(300)
        resumes = dice.chance(500)
        stops = dice.chance(100)
        hasStorm = dice.chance(300)
        hasLoad = dice.chance(300)
        leaps = dice.chance(200) ? dice.number(1...5) : 0
        kills = dice.chance(400) ? dice.number(1...6) : 0
    }

    private static func configuration(_ dice: inout Dice) -> PoolConfiguration {
        let browsers = dice.number(1...8)
        var configuration = PoolConfiguration(
            maxBrowsers: browsers,
            maxLeases: dice.chance(300) ? dice.number(1...browsers) : browsers,
            warmHeadless: dice.number(0...min(3, browsers)),
            warmHeadful: dice.chance(300) ? 1 : 0)
        configuration.surplusTimeout = .seconds(dice.number(3...20))
        configuration.queueBound = dice.pick([0, 2, 8, 20])
        configuration.queueTimeout = TimeoutRule(
            .seconds(dice.number(2...10)), most: .seconds(12))
        configuration.idleTimeout = TimeoutRule(.seconds(dice.number(3...15)))
        configuration.maxLifetime = TimeoutRule(
            .seconds(dice.number(10...40)), most: .seconds(50))
        configuration.lifetimeJitter = dice.pick([0, 5, 20])
        configuration.connectTimeout = TimeoutRule(.seconds(dice.number(2...6)))
        configuration.disconnectGrace = TimeoutRule(.seconds(2), most: .seconds(8))
        configuration.memoryLimit = 1 << 30
        configuration.launch = launchLimits(&dice)
        configuration.pressure = PressureLimits(
            processor: 90, memory: 90, relief: 5, smoothing: .seconds(2))
        return configuration.normalized
    }

    private static func launchLimits(_ dice: inout Dice) -> LaunchLimits {
        LaunchLimits(
            concurrency: dice.number(1...3), deadline: .seconds(dice.number(3...5)),
            endDeadline: .seconds(2), quarantineAfter: dice.number(2...5),
            attemptsPerProperties: dice.number(1...3), firstBackOff: .milliseconds(200),
            longestBackOff: .seconds(4))
    }
}
