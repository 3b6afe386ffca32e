// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// One connection from the browser, for as long as it speaks HTTP: reads requests, has their
/// routes opened, passes exchanges through, and hands over to a tunnel after CONNECT.
///
/// Everything it touches lives on its event loop.
final class ClientHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What the connection is doing.
    enum Phase {
        /// Waits for a request's head. Next: `opening`, `ending`.
        case waiting
        /// A route is being made; nothing is read meanwhile. Next: `exchanging`, `tunnelling`,
        /// `ending`.
        case opening
        /// A request goes out and its response comes in. Next: `waiting`, `ending`.
        case exchanging(Exchange)
        /// Bytes pass by without this handler. Last.
        case tunnelling
        /// An answer leaves, then the connection closes; what comes is dropped. Last.
        case ending
    }

    /// The connection to the outside that the last exchange left open.
    struct Link {
        let handler: RemoteHandler
        /// See `RemoteConnection`.
        let httpProxy: UpstreamProxy?
        let target: EgressTarget
        /// A response has come over it.
        var hasServed = false
    }

    let core: RelayCore
    let codec: HTTPCodec
    var phase = Phase.waiting
    var context: ChannelHandlerContext?
    var link: Link?
    /// Parts that came in the same read as a head whose route is not open yet; reading has stopped
    /// by then, so this is at most one read.
    var held: [HTTPServerRequestPart] = []
    /// Tells the route being opened now from one that was given up.
    var openings = 0
    private var isReadWanted = false
    private var headTimer: Scheduled<Void>?

    private init(core: RelayCore, codec: HTTPCodec) {
        self.core = core
        self.codec = codec
    }

    /// Sets up the pipeline of an accepted connection. To be called on its event loop.
    ///
    /// - Throws: if there are enough already or the relay has stopped. Whoever accepted the
    ///   connection then closes it at once: an answer would hold the descriptor that is short.
    static func install(_ channel: any Channel, _ core: RelayCore) throws {
        guard core.adopt(channel, as: .browser) else { throw ChannelError.ioOnClosedChannel }
        let meter = core.meter
        meter.connectionOpened()
        channel.closeFuture.whenComplete { _ in meter.connectionClosed() }
        let codec = HTTPCodec.server(limits: core.limits)
        let idle = IdleStateHandler(allTimeout: TimeAmount(core.limits.idleDeadline))
        let handler = ClientHandler(core: core, codec: codec)
        try channel.pipeline.syncOperations
            .addHandlers([AbortHandler(), idle, codec.encoder, codec.decoder, handler])
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        headTimer?.cancel()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        startHeadTimer()
    }

    // MARK: reading no more than can be passed on

    func read(context: ChannelHandlerContext) {
        if mayRead {
            context.read()
        } else {
            isReadWanted = true
        }
    }

    private var mayRead: Bool {
        switch phase {
        case .waiting, .tunnelling, .ending: true
        case .opening: false
        case .exchanging(let exchange):
            !exchange.isRequestOver && (link?.handler.takesWrites ?? false)
        }
    }

    /// Reads on if reading was held back and need not be any more.
    func resumeReading() {
        guard isReadWanted, mayRead, let context else { return }
        isReadWanted = false
        context.read()
    }

    /// Whether more of a response may be written.
    var takesResponse: Bool { context?.channel.isWritable ?? false }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { link?.handler.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: what comes from the browser

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .exchanging = phase { link?.handler.flush() }
        context.fireChannelReadComplete()
    }

    func take(_ part: HTTPServerRequestPart) {
        switch phase {
        case .waiting:
            guard case .head(let head) = part else { return }
            headTimer?.cancel()
            begin(head)
        case .opening:
            held.append(part)
        case .exchanging(let exchange):
            if exchange.isRequestOver {
                held.append(part)
            } else {
                passOn(part, of: exchange)
            }
        case .tunnelling, .ending:
            break
        }
    }

    /// Takes up what came while nothing could be done with it.
    func takeHeld() {
        let parts = held
        held = []
        for part in parts { take(part) }
    }

    func startHeadTimer() {
        headTimer = context?.eventLoop.assumeIsolated()
            .scheduleTask(in: TimeAmount(core.limits.requestHeadDeadline)) { self.abort() }
    }

    // MARK: the end of the connection

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            abort()
        } else if case .inputClosed? = event as? ChannelEvent {
            inputClosed()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A browser never closes only one direction while it speaks HTTP: it has gone.
    private func inputClosed() {
        switch phase {
        case .tunnelling: break
        case .waiting, .opening, .exchanging, .ending: abort()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        letGo()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch phase {
        case .waiting where error is HTTPParserError:
            refuseHead(isTooLarge: (error as? HTTPParserError) == .headerOverflow)
        case .ending where error is HTTPParserError || error is ByteToMessageDecoderError:
            break
        case .waiting, .opening, .exchanging, .tunnelling, .ending:
            abort()
        }
    }

    /// Closes without another word.
    func abort() {
        letGo()
        context?.channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
    }

    func letGo() {
        phase = .ending
        headTimer?.cancel()
        openings += 1
        held = []
        link?.handler.release()
        link = nil
    }
}
