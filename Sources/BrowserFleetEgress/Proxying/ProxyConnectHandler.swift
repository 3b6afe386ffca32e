// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Asks an upstream proxy for a tunnel (RFC 9110 section 9.3.6) and reports its reply.
///
/// When it leaves the pipeline it hands on what came after the reply: the tunnel's first bytes.
final class ProxyConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var reply: ConnectReply
    private var rest: [UInt8] = []
    private var promise: EventLoopPromise<Void>?
    private var timer: Scheduled<Void>?

    private init(limits: EgressLimits, promise: EventLoopPromise<Void>) {
        reply = ConnectReply(bound: limits.responseHeadBytes)
        self.promise = promise
    }

    /// Fails with `EgressProblem`, the channel then being closed, if the reply is not 2xx or does
    /// not come until `deadline`. To be called on the channel's event loop.
    static func connect(
        _ channel: any Channel, to target: EgressTarget, through upstream: UpstreamProxy,
        limits: EgressLimits, until deadline: NIODeadline
    ) -> EventLoopFuture<RemoteConnection> {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        let handler = ProxyConnectHandler(limits: limits, promise: promise)
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(handler)
            let context = try pipeline.context(handler: handler)
            handler.begin(request(target, upstream), in: context, until: deadline)
        } catch {
            promise.fail(EgressProblem.failed(.proxyUnreachable))
        }
        let bound = NIOLoopBound<ProxyConnectHandler?>(handler, eventLoop: channel.eventLoop)
        return promise.futureResult.map {
            RemoteConnection(channel: channel, upstream: upstream, handshake: bound)
        }
    }

    private static func request(_ target: EgressTarget, _ upstream: UpstreamProxy) -> String {
        let authority = target.authority
        var head = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
        if let credentials = upstream.credentials {
            head += "Proxy-Authorization: \(credentials.authorization)\r\n"
        }
        return head + "\r\n"
    }

    private func begin(
        _ request: String, in context: ChannelHandlerContext, until deadline: NIODeadline
    ) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.fail(.timeout, context: context)
        }
        let bytes = context.channel.allocator.buffer(string: request)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        guard promise != nil else { return rest.append(contentsOf: bytes) }
        switch reply.take(bytes) {
        case .incomplete: break
        case .malformed: fail(.proxyRefused, context: context)
        case .status(200...299, let rest): succeed(rest, context: context)
        case .status(407, _): fail(.proxyAuthenticationFailed, context: context)
        case .status: fail(.proxyRefused, context: context)
        }
    }

    private func succeed(_ rest: [UInt8], context: ChannelHandlerContext) {
        self.rest = rest
        let promise = promise
        self.promise = nil
        timer?.cancel()
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        promise?.succeed()
    }

    private func fail(_ failure: EgressFailure, context: ChannelHandlerContext) {
        guard let promise else { return }
        self.promise = nil
        timer?.cancel()
        promise.fail(EgressProblem.failed(failure))
        context.channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
    }

    func removeHandler(
        context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken
    ) {
        if !rest.isEmpty {
            let bytes = context.channel.allocator.buffer(bytes: rest)
            context.fireChannelRead(wrapInboundOut(bytes))
        }
        context.leavePipeline(removalToken: removalToken)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.proxyUnreachable, context: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.proxyUnreachable, context: context)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            fail(.proxyUnreachable, context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }
}
