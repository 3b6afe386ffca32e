// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// One gateway: its machine, its clockwork, and what is known of it from outside.
struct FleetGateway: Sendable {
    var machine: FaultyGateway
    /// How often it was started; what was meant for an earlier process is dropped.
    var life = 1
    var startedAt = FleetInstant.origin
    var isAlive = true
    /// Whether it is about to end, and takes nothing new.
    var isStopping = false
    var pausedUntil = FleetInstant.origin
    /// When it last stood still or started.
    var stoodStillAt = FleetInstant.origin
    /// For when its timer is set.
    var armed: FleetInstant?
    /// Open calls.
    var open: Set<Int> = []
    /// What is known of each server's seat.
    var links: [FleetLink]

    init(machine: FaultyGateway, seats: Int) {
        self.machine = machine
        links = Array(repeating: FleetLink(), count: seats)
    }
}

/// The way between a gateway and a server, and what went over it.
struct FleetLink: Sendable {
    /// Calls to the server do not get there: from, until.
    var shutSince = FleetInstant.origin
    var shutUntil = FleetInstant.origin
    /// What the server sends does not get here: from, until.
    var deafSince = FleetInstant.origin
    var deafUntil = FleetInstant.origin
    /// Everything takes long until then.
    var slowUntil = FleetInstant.origin
    /// When the latest heartbeat arrives: they keep their order, and wait for lost packets.
    var beatsUntil = FleetInstant.origin

    /// When something was last taken from the server.
    var heardAt = FleetInstant.origin
    /// The last epoch that was listened to.
    var accepted: ServerEpoch?
    /// The process that said good-bye here.
    var left: ServerEpoch?
    /// Whether the last report that was taken said that it drains.
    var isDraining = false
    /// Real calls in a row that failed.
    var failures = 0
    /// What an operator said at this gateway.
    var isMarkedDrained = false
    var isMarkedHealthy = false

    /// What the server says is about to be heard: what follows from it comes with it.
    mutating func hear(_ epoch: ServerEpoch, _ report: ServerReport) {
        guard left != epoch, accepted.map({ $0.number <= epoch.number }) ?? true else { return }
        (accepted, isDraining) = (epoch, report.reason == "draining")
    }

    /// It was not listened to.
    mutating func take(back before: FleetLink) {
        (accepted, isDraining) = (before.accepted, before.isDraining)
    }

    /// A gateway's new process knows nothing of what went over the link.
    mutating func forget() {
        (accepted, left, isDraining, failures) = (nil, nil, false, 0)
        (isMarkedDrained, isMarkedHealthy) = (false, false)
    }

    mutating func heal(at now: FleetInstant) { (shutUntil, deafUntil, slowUntil) = (now, now, now) }

    mutating func shut(from now: FleetInstant, for time: Duration) {
        if shutUntil <= now { shutSince = now }
        shutUntil = max(shutUntil, now.advanced(by: time))
    }

    mutating func deafen(from now: FleetInstant, for time: Duration) {
        if deafUntil <= now { deafSince = now }
        deafUntil = max(deafUntil, now.advanced(by: time))
    }
}
