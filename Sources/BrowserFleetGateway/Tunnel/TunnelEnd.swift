// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One end of a tunnel: what comes in here goes out at the other end.
///
/// Both ends are on one event loop. An end reads only while the other can be written to, so a slow
/// reader holds its writer up instead of filling memory.
final class TunnelEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Which end this is.
    enum Side {
        case client
        case server
    }

    /// What ends an end before it is open.
    private enum EarlyEnd {
        case inputClosed
        case quiesced
    }

    private let side: Side
    private let tunnel: Tunnel
    private var context: ChannelHandlerContext?
    private var isReadWaiting = false
    /// Whether what the HTTP parser had read beyond the handshake has come.
    private var isOpen = false
    private var earlyEnd: EarlyEnd?

    /// The other end; both hold each other until the tunnel is cut.
    private var other: TunnelEnd?

    init(_ side: Side, of tunnel: Tunnel) {
        self.side = side
        self.tunnel = tunnel
    }

    /// Joins two ends.
    static func join(_ client: TunnelEnd, _ server: TunnelEnd) {
        client.other = server
        server.other = client
    }

    /// Parts this end from the other: what still comes is dropped.
    func part() {
        other = nil
        goOnReading()
    }

    /// Whether nothing is read here because the other end cannot be written to.
    var isHeldUp: Bool { isReadWaiting }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { left() }

    func channelInactive(context: ChannelHandlerContext) {
        left()
        context.fireChannelInactive()
    }

    private func left() {
        guard context != nil else { return }
        context = nil
        tunnel.ended(side, isWhole: true)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: hear(.inputClosed)
        case is ChannelShouldQuiesceEvent: hear(.quiesced)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// What the parser held back comes before any end.
    private func hear(_ end: EarlyEnd) {
        guard isOpen else {
            earlyEnd = end
            return
        }
        switch end {
        case .inputClosed: tunnel.ended(side, isWhole: false)
        case .quiesced: tunnel.close(.serverStopping)
        }
    }

    /// The HTTP parser has left, and has handed over what it held back.
    func opened() {
        isOpen = true
        passedAll()
        if let earlyEnd { hear(earlyEnd) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: Bytes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        switch side {
        case .client: tunnel.heardClient(bytes)
        case .server: tunnel.heard(bytes)
        }
        other?.context?.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { passedAll() }

    private func passedAll() {
        other?.context?.flush()
        if side == .server { tunnel.heardAll() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { other?.goOnReading() }
    }

    func read(context: ChannelHandlerContext) {
        if let other, let far = other.context, !far.channel.isWritable {
            isReadWaiting = true
        } else {
            context.read()
        }
    }

    private func goOnReading() {
        guard isReadWaiting else { return }
        isReadWaiting = false
        context?.read()
    }

    // MARK: Ending

    /// Whether all was written and the writing side is closed.
    private(set) var isFinished = false

    /// Writes the last bytes, if any, and closes the writing side once all is out.
    ///
    /// - Returns: whether there is a connection to write to.
    @discardableResult
    func finish(with last: ByteBuffer? = nil) -> Bool {
        guard let context else { return false }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess {
            let (end, context) = bound.value
            end.isFinished = true
            context.close(mode: .output, promise: nil)
        }
        context.writeAndFlush(Self.wrapOutboundOut(last ?? ByteBuffer()), promise: written)
        return true
    }

    /// Gives the tunnel up before it has begun.
    func abandon() { tunnel.cut() }

    /// Closes at once; what was not written is lost.
    func cut() { context?.close(promise: nil) }
}
