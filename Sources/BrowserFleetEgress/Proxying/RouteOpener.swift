// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL

/// Makes the connection that a request needs: resolve, judge, dial, and at an upstream proxy TLS
/// and the conversation that opens the way. All of it within one deadline.
struct RouteOpener: Sendable {
    /// What the connection is for.
    enum Purpose: Sendable {
        case tunnel
        case exchange
    }

    let core: RelayCore
    let loop: any EventLoop

    /// Opens a connection towards `target`. Fails with `EgressProblem` only.
    func open(_ target: EgressTarget, for purpose: Purpose) -> EventLoopFuture<RemoteConnection> {
        let route = core.route
        let deadline = NIODeadline.now() + TimeAmount(core.limits.openDeadline)
        return plan(target, by: route).flatMap { plan in
            dial(plan, tls: plan.upstream == nil ? nil : route.tls, for: purpose, until: deadline)
                .flatMap { ready($0, plan: plan, target: target, for: purpose, until: deadline) }
        }
    }

    /// A look-up that waits for its turn leaves at the deadline; one that runs cannot be stopped,
    /// but nobody waits for it any more.
    private func plan(
        _ target: EgressTarget, by route: EgressRoute
    ) -> EventLoopFuture<RoutePlan> {
        let promise = loop.makePromise(of: RoutePlan.self)
        let planner = core.planner
        let task = promise.completeWithTask { try await planner.plan(for: target, by: route) }
        let timer = loop.scheduleTask(in: TimeAmount(core.limits.lookupDeadline)) {
            promise.fail(EgressProblem.failed(.timeout))
            task.cancel()
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    private func dial(
        _ plan: RoutePlan, tls: NIOSSLContext?, for purpose: Purpose, until deadline: NIODeadline
    ) -> EventLoopFuture<any Channel> {
        let core = core
        let left = max(.nanoseconds(1), deadline - .now())
        return ClientBootstrap(group: loop)
            .connectTimeout(min(TimeAmount(core.limits.connectDeadline), left))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: purpose == .tunnel)
            .channelOption(.writeBufferWaterMark, value: core.limits.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.prepare(channel, plan: plan, tls: tls, core: core)
                }
            }
            .resolver(CheckedAddresses(plan: plan, loop: loop))
            .connect(host: "checked", port: Int(plan.port))
            .flatMapErrorThrowing { throw Self.problem(of: $0, isProxy: plan.upstream != nil) }
    }

    private static func prepare(
        _ channel: any Channel, plan: RoutePlan, tls: NIOSSLContext?, core: RelayCore
    ) throws {
        guard core.adopt(channel, as: .outside) else { throw ChannelError.ioOnClosedChannel }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([AbortHandler(), MeterHandler(meter: core.meter)])
        guard let tls, let upstream = plan.upstream else { return }
        let name = upstream.endpoint.literal == nil ? upstream.endpoint.host : nil
        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
    }

    private func ready(
        _ channel: any Channel, plan: RoutePlan, target: EgressTarget, for purpose: Purpose,
        until deadline: NIODeadline
    ) -> EventLoopFuture<RemoteConnection> {
        guard let upstream = plan.upstream else { return loop.makeSucceededFuture(.init(channel)) }
        let conversation: any UpstreamConversation
        switch (upstream.scheme, purpose) {
        case (.http, .exchange):
            return loop.makeSucceededFuture(.init(channel, httpProxy: upstream))
        case (.https, .exchange):
            return UpstreamHandshake.perform(nil, on: channel, until: deadline)
                .map { RemoteConnection(channel, httpProxy: upstream, handshake: $0) }
        case (.http, .tunnel), (.https, .tunnel):
            conversation = ConnectConversation(
                target: target, credentials: upstream.credentials,
                bound: core.limits.responseHeadBytes)
        case (.socks5, _):
            conversation = SOCKSConversation(target: target, credentials: upstream.credentials)
        }
        return UpstreamHandshake.perform(conversation, on: channel, until: deadline)
            .map { RemoteConnection(channel, handshake: $0) }
    }

    private static func problem(of error: any Error, isProxy: Bool) -> EgressProblem {
        if let problem = error as? EgressProblem { return problem }
        if case .connectTimeout? = error as? ChannelError { return .failed(.timeout) }
        return .failed(isProxy ? .proxyUnreachable : .unreachable)
    }
}
