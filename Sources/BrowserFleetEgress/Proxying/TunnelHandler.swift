// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One end of a tunnel. Reads only while the other end takes writes, so at most one watermark and
/// one read wait in each direction; passes on the end of each direction by itself.
final class TunnelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let linger: TimeAmount
    private var partner: TunnelHandler?
    private var context: ChannelHandlerContext?
    /// Both pipelines carry bytes. Before that nothing may be written: HTTP's handlers are leaving.
    private var isStarted = false
    /// What a decoder gave back as it left.
    private var early: [NIOAny] = []
    private var isReadWanted = false
    /// The peer has sent all it will send.
    private var isInputClosed = false

    private init(linger: TimeAmount) {
        self.linger = linger
    }

    /// Two ends that know each other.
    static func pair(linger: TimeAmount) -> (TunnelHandler, TunnelHandler) {
        let ends = (TunnelHandler(linger: linger), TunnelHandler(linger: linger))
        ends.0.partner = ends.1
        ends.1.partner = ends.0
        return ends
    }

    /// Begins to read at both ends, after what the decoders that left had still held.
    func start() {
        for end in [self, partner] { end?.isStarted = true }
        for end in [self, partner] { end?.begin() }
    }

    private func begin() {
        let held = early
        early = []
        for data in held { partner?.context?.write(data, promise: nil) }
        partner?.context?.flush()
        if isInputClosed { partner?.finishOutput() }
        context?.channel.setOption(.autoRead, value: true).whenFailure { _ in }
        context?.read()
    }

    /// Closes both ends at once.
    func abort() {
        for end in [self, partner] {
            end?.context?.channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        partner = nil
        early = []
    }

    func read(context: ChannelHandlerContext) {
        if isStarted, partner?.takesWrites ?? false {
            context.read()
        } else {
            isReadWanted = true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isStarted {
            partner?.context?.write(data, promise: nil)
        } else {
            early.append(data)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isStarted { partner?.context?.flush() }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { partner?.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            if isStarted { partner?.finishOutput() }
        } else if event is IdleStateHandler.IdleStateEvent {
            abort()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isInputClosed = true
        if isStarted {
            partner?.finish(mode: .all)
        } else {
            abort()
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private var takesWrites: Bool { context?.channel.isWritable ?? false }

    private func resumeReading() {
        guard isReadWanted, let context else { return }
        isReadWanted = false
        read(context: context)
    }

    /// Ends this direction; both are over if the peer has finished already.
    private func finishOutput() {
        finish(mode: isInputClosed ? .all : .output)
    }

    /// Closes after everything already written has left: NIO drops pending writes when a close of
    /// one direction turns into a close of both. A peer that does not take them is not waited for
    /// longer than `EgressLimits.lingerDeadline`.
    private func finish(mode: CloseMode) {
        guard let context else { return }
        let channel = context.channel
        let timer = context.eventLoop.scheduleTask(in: linger) {
            guard mode == .all else { return }
            channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            timer.cancel()
            context.close(mode: mode, promise: nil)
        }
        let nothing = context.channel.allocator.buffer(capacity: 0)
        context.writeAndFlush(wrapOutboundOut(nothing), promise: promise)
    }
}
