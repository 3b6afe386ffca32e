// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import NIOCore
import Synchronization

/// What all connections of one relay share: the route in force, the bounds, the counters, and the
/// set of open channels.
final class RelayCore: Sendable {
    private struct State {
        var route: EgressRoute
        var isStopped = false
        var channels: [Side: [ObjectIdentifier: any Channel]] = [:]
    }

    /// Whom a channel connects the relay with.
    enum Side {
        case browser
        case outside
    }

    let limits: EgressLimits
    let logger: Logger
    let meter = TrafficMeter()
    let planner: RoutePlanner
    private let state: Mutex<State>

    init(
        route: EgressRoute, limits: EgressLimits, logger: Logger, lookups: NameLookups
    ) {
        self.limits = limits
        self.logger = logger
        planner = RoutePlanner(lookups: lookups, relay: lookups.newRelay())
        state = Mutex(State(route: route))
    }

    /// The route for a request that arrives now.
    var route: EgressRoute { state.withLock { $0.route } }

    /// Counts `channel` among those that `closeAll` closes until it closes; false once stopped or
    /// when its side has as many as `EgressLimits.connections`, and then the caller must close it.
    func adopt(_ channel: any Channel, as side: Side) -> Bool {
        let (isAdopted, isSurplus) = state.withLock { state in
            guard !state.isStopped else { return (false, false) }
            guard state.channels[side, default: [:]].count < limits.connections else {
                return (false, true)
            }
            state.channels[side, default: [:]][ObjectIdentifier(channel)] = channel
            return (true, false)
        }
        if isSurplus { record(.failed(.tooManyConnections), target: nil) }
        guard isAdopted else { return false }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.channels[side]?[ObjectIdentifier(channel)] = nil }
        }
        return true
    }

    /// Puts `route` in force for every request from now on.
    func replaceRoute(_ route: EgressRoute) {
        state.withLock { $0.route = route }
    }

    /// From now on adopts nothing.
    func markStopped() {
        state.withLock { $0.isStopped = true }
    }

    /// Closes every open channel at once and returns when the last one is closed. The browser's
    /// sides go first, so that none of them is told that the outside failed.
    func closeAll() async {
        let channels = state.withLock { state in
            [Side.browser, .outside].flatMap { Array((state.channels[$0] ?? [:]).values) }
        }
        for channel in channels {
            channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
        }
        for channel in channels {
            try? await channel.closeFuture.get()
        }
    }

    /// Counts and logs a request that was not served. The host is a tenant's affair: it is logged
    /// at debug level only, paths and headers never.
    func record(_ problem: EgressProblem, target: EgressTarget?) {
        switch problem {
        case .refused(let refusal): meter.refused(refusal)
        case .failed(let failure): meter.failed(failure)
        }
        Counter(
            label: "browserfleet_egress_\(problem.verb)_total",
            dimensions: [("reason", problem.word)]
        ).increment()
        logger.log(
            level: problem.logLevel, "egress \(problem.verb)",
            metadata: [
                "reason": "\(problem.word)", "port": "\(target?.port ?? 0)",
            ])
        logger.debug(
            "egress \(problem.verb)",
            metadata: [
                "reason": "\(problem.word)", "target": "\(target?.authority ?? "unreadable")",
            ])
    }
}
