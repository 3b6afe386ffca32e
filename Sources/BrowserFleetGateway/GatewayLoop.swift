// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore
import NIOSSL

/// What the connections of one event loop share; used on that loop only.
final class GatewayLoop {
    /// The configuration in the units of an event loop.
    struct Settings {
        var dialTimeout: TimeAmount
        var linger: TimeAmount
        var tick: TimeAmount
        var dialTicks: Int
        var answerTicks: Int
        var keepTicks: Int
        var keptConnections: Int
        var silentTicks: Int
        var bufferLimit: Int

        init(_ configuration: GatewayConfiguration) {
            func ticks(_ duration: Duration) -> Int {
                let tick = max(1, configuration.tick.wholeNanoseconds)
                return Int((duration.wholeNanoseconds + tick - 1) / tick)
            }
            dialTimeout = .nanoseconds(configuration.dialTimeout.wholeNanoseconds)
            linger = .nanoseconds(configuration.lingerTimeout.wholeNanoseconds)
            tick = .nanoseconds(max(1, configuration.tick.wholeNanoseconds))
            dialTicks = ticks(configuration.dialTimeout)
            answerTicks = ticks(configuration.answerTimeout)
            keepTicks = ticks(configuration.keepTimeout)
            keptConnections = configuration.keptConnections
            silentTicks = ticks(configuration.silenceTimeout)
            bufferLimit = configuration.bufferLimit
        }
    }

    let eventLoop: any EventLoop
    let settings: Settings
    let forwarding: any Forwarding
    let sign: ForwardSigning
    let tls: NIOSSLContext
    let metrics: GatewayMetrics
    /// Told to the metrics at each tick: a lock for every reading would cost more than the reading.
    var passage = TunnelPassage()
    private(set) var tunnels = TunnelList()
    var upstreams = UpstreamPool()
    private var ticking: RepeatedTask?
    /// Kept as soon as there is no tunnel any more.
    private var drained: EventLoopPromise<Void>?

    init(
        _ eventLoop: any EventLoop, settings: Settings, forwarding: any Forwarding,
        tls: NIOSSLContext, metrics: GatewayMetrics, sign: @escaping ForwardSigning
    ) {
        self.eventLoop = eventLoop
        self.settings = settings
        self.forwarding = forwarding
        self.tls = tls
        self.sign = sign
        self.metrics = metrics
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ticking = eventLoop.scheduleRepeatedTask(
            initialDelay: settings.tick, delay: settings.tick
        ) { _ in bound.value.tick() }
    }

    /// Enters a tunnel.
    func opened(_ tunnel: Tunnel) {
        tunnels.add(tunnel)
        metrics.tunnelOpened()
    }

    /// Forgets a tunnel that is cut.
    func cut(_ tunnel: Tunnel) {
        tunnels.remove(tunnel)
        metrics.tunnelClosed()
        if tunnels.count == 0 { drained?.succeed() }
    }

    /// Done when there is no tunnel any more.
    func drain() -> EventLoopFuture<Void> {
        let promise = drained ?? eventLoop.makePromise()
        drained = promise
        if tunnels.count == 0 { promise.succeed() }
        return promise.futureResult
    }

    private func tick() {
        for tunnel in tunnels.all() { tunnel.tick() }
        for upstream in upstreams.all { upstream.tick() }
        countPassage()
    }

    private func countPassage() {
        metrics.passed(passage)
        passage = TunnelPassage()
    }

    /// A server failed: what it has not begun to answer is not waited for, and nothing at all once
    /// it is lost.
    func heard(of server: ServerName, _ failure: ServerFailure) {
        let upstreams = upstreams.all.filter { $0.server == server }
        switch failure {
        case .silent:
            for upstream in upstreams { upstream.fellSilent() }
        case .lost:
            for tunnel in tunnels.all(to: server) { tunnel.close(.serverLost) }
            for upstream in upstreams { upstream.fail(.serverLost) }
        }
    }

    /// Ends everything with the reason that this process stops.
    func stop() {
        ticking?.cancel()
        countPassage()
        for tunnel in tunnels.all() { tunnel.close(.serverStopping) }
        for upstream in upstreams.all where upstream.isKept { upstream.abandon() }
    }
}
