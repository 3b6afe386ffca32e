// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Something the pool did that it must not, or did not do that it must.
public struct Violation: Error, Hashable, Sendable {
    /// One sentence.
    public let message: String

    init(_ message: String) {
        self.message = message
    }
}

/// What is true of a pool, worked out from nothing but what it was told and what it did.
///
/// Shares no code with the machine, keeps plain lists and looks at all of them each time. It does
/// not foresee what the machine will do; it knows what would be wrong. Three steps for an event:
/// ``told(_:at:)``, ``check(_:)`` for each action, ``settled(_:)``.
struct PoolModel: Sendable {
    /// A caller that waits.
    struct Caller: Sendable {
        var request: PoolRequest
        var arrivedAt: FleetInstant
        var deadline: FleetInstant
    }

    /// A browser's one lease.
    struct Lease: Sendable {
        var request: RequestID
        var terms: LeaseTerms
        var grantedAt: FleetInstant
        var expiresAt: FleetInstant
        var connections: [ConnectionID] = []
        /// Whether a client ever came.
        var wasUsed = false
        /// When the last client left.
        var leftAt: FleetInstant?
        /// When anything last moved, as the world knows it.
        var movedAt: FleetInstant
        var viewers = 0
    }

    /// What a browser is about.
    enum Stage: Sendable {
        case starting
        case warm
        case leased(Lease)
        case ending
        case failed
    }

    /// What a slot holds.
    struct Browser: Sendable {
        var id: SlotID
        var properties: LaunchProperties
        var stage = Stage.starting
        var since: FleetInstant
        /// Reasons to end it that the pool was told.
        var told: [EndReason] = []
        /// Whether it was said to be gone without a word before.
        var vanished = false
    }

    /// How many slots hold what.
    struct Tally: Equatable, Sendable {
        var starting = 0
        var warm = 0
        var leased = 0
        var ending = 0
        var empty = 0
    }

    /// How busy the computer is, as far as that is beyond doubt.
    enum Load: Sendable {
        case calm
        case busy
        case changing
    }

    let configuration: PoolConfiguration
    var now = FleetInstant.origin
    var waiting: [Caller] = []
    var browsers: [Browser] = []
    /// The latest occupation of each place.
    var occupations: [Int]
    /// Requests that had their one answer.
    var answered: Set<RequestID> = []
    var granted: Set<RequestID> = []
    var cancelled: Set<RequestID> = []
    var failures = 0
    var failedAt: FleetInstant?
    /// Failed launches in a row, by a client's own properties.
    var ownFailures: [LaunchProperties: Int] = [:]
    var hopeless: Set<LaunchProperties> = []
    var load = Load.calm
    /// Readings that said the same, at least a second apart, and the last of them.
    var readings = 0
    var readAt = FleetInstant.origin
    var isBusy = false
    var drainBy: FleetInstant?
    var stopped = false
    var saidDrained = false

    init(configuration: PoolConfiguration) {
        self.configuration = configuration
        occupations = Array(repeating: 0, count: configuration.maxBrowsers)
    }

    var isRunning: Bool { drainBy == nil && !stopped }

    /// How many browsers are at which stage, in one pass.
    var tally: Tally {
        var tally = Tally()
        for place in browsers.indices {
            switch browsers[place].stage {
            case .starting: tally.starting += 1
            case .warm: tally.warm += 1
            case .leased: tally.leased += 1
            case .ending, .failed: tally.ending += 1
            }
        }
        tally.empty = configuration.maxBrowsers - browsers.count
        return tally
    }

    /// Leases that could begin without another's end.
    var room: Int {
        let tally = tally
        let slots = configuration.maxBrowsers - tally.leased - tally.ending
        return max(0, min(slots, configuration.maxLeases - tally.leased))
    }

    func warm(_ properties: LaunchProperties) -> Int {
        browsers.count { $0.isWarm && $0.properties == properties }
    }

    func starting(_ properties: LaunchProperties) -> Int {
        browsers.count { $0.isStarting && $0.properties == properties }
    }

    func waiting(_ properties: LaunchProperties) -> Int {
        waiting.count { $0.request.properties == properties }
    }

    func kept(_ properties: LaunchProperties) -> Int {
        switch properties {
        case .headless: configuration.warmHeadless
        case .headful: configuration.warmHeadful
        default: 0
        }
    }

    /// Until when no launch may begin after the failures so far.
    var pauseEnds: FleetInstant {
        guard failures > 0, let failedAt else { return .origin }
        var pause = configuration.launch.firstBackOff
        for _ in 1..<failures where pause < configuration.launch.longestBackOff { pause *= 2 }
        return failedAt.advanced(by: min(pause, configuration.launch.longestBackOff))
    }

    var isQuarantined: Bool { failures >= configuration.launch.quarantineAfter }

    func place(of slot: SlotID) -> Int? { browsers.firstIndex { $0.id == slot } }

    func lease(_ lease: LeaseID) -> Lease? { place(of: lease.slot).flatMap { browsers[$0].lease } }

    mutating func change(_ lease: LeaseID, _ change: (inout Lease) -> Void) {
        guard let place = place(of: lease.slot), var held = browsers[place].lease else { return }
        change(&held)
        browsers[place].stage = .leased(held)
    }

    /// The world's own knowledge of traffic, which the pool only learns when it asks.
    mutating func moved(_ lease: LeaseID, viewers: Int, at instant: FleetInstant) {
        change(lease) {
            $0.movedAt = max($0.movedAt, instant)
            $0.viewers = viewers
        }
    }
}

extension PoolModel.Browser {
    var isStarting: Bool {
        switch stage {
        case .starting: true
        case .warm, .leased, .ending, .failed: false
        }
    }

    var isWarm: Bool {
        switch stage {
        case .warm: true
        case .starting, .leased, .ending, .failed: false
        }
    }

    /// Whether it is being destroyed.
    var isGoing: Bool {
        switch stage {
        case .ending, .failed: true
        case .starting, .warm, .leased: false
        }
    }

    var lease: PoolModel.Lease? {
        switch stage {
        case .leased(let lease): lease
        case .starting, .warm, .ending, .failed: nil
        }
    }
}
