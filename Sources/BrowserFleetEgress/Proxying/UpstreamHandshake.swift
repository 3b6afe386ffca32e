// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOTLS

/// Gets a connection to an upstream proxy ready: holds the conversation that opens the way to the
/// target, or without one waits for TLS.
///
/// When it leaves the pipeline it hands on what came after the conversation: the target's first
/// bytes.
final class UpstreamHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var conversation: (any UpstreamConversation)?
    private var rest: [UInt8] = []
    private var promise: EventLoopPromise<Void>?
    private var timer: Scheduled<Void>?

    private init(
        _ conversation: (any UpstreamConversation)?, promise: EventLoopPromise<Void>
    ) {
        self.conversation = conversation
        self.promise = promise
    }

    /// Succeeds with the handler, which must be removed before the channel carries the target's
    /// bytes. Fails with `EgressProblem`, the channel then being closed, if the proxy refuses or
    /// is not done until `deadline`. To be called on the channel's event loop. `conversation` is
    /// nil only on a channel with TLS, whose handshake is then all.
    static func perform(
        _ conversation: (any UpstreamConversation)?, on channel: any Channel,
        until deadline: NIODeadline
    ) -> EventLoopFuture<NIOLoopBound<UpstreamHandshake>> {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        let handler = UpstreamHandshake(conversation, promise: promise)
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(handler)
            handler.begin(in: try pipeline.context(handler: handler), until: deadline)
        } catch {
            promise.fail(EgressProblem.failed(.proxyUnreachable))
        }
        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        return promise.futureResult.map { bound }
    }

    private func begin(in context: ChannelHandlerContext, until deadline: NIODeadline) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.fail(.timeout, context: context)
        }
        if let conversation { send(conversation.opening, in: context) }
        context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }

    private func send(_ bytes: [UInt8], in context: ChannelHandlerContext) {
        let bytes = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        guard promise != nil, var conversation else { return rest.append(contentsOf: bytes) }
        var step = conversation.take(bytes)
        while case .send(let bytes) = step {
            send(bytes, in: context)
            step = conversation.take([UInt8]())
        }
        self.conversation = conversation
        switch step {
        case .incomplete, .send: break
        case .open(let rest): succeed(rest, context: context)
        case .failed(let failure): fail(failure, context: context)
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
        } else if case .handshakeCompleted? = event as? TLSUserEvent, conversation == nil,
            promise != nil
        {
            succeed([], context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }
}
