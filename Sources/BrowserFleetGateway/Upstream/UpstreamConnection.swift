// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore
import NIOHTTP1
import NIOTLS

/// Who a connection to a server works for: the forwarder whose request it carries.
protocol UpstreamUser: AnyObject {
    /// A part of the answer came.
    func upstream(received part: HTTPClientResponsePart)
    /// All parts of one reading came.
    func upstreamReceivedAll()
    /// It can be written to again.
    func upstreamDrained()
    /// It ended before the answer did; what to tell the client.
    func upstreamFailed(_ refusal: ForwardRefusal)
    /// Whether parts of the answer can be passed on now.
    var takesAnswer: Bool { get }
}

/// One HTTP connection to a server: carries one request at a time, for whoever has it.
///
/// States: ready for use -> kept -> in use -> kept ...; closed follows any.
final class UpstreamConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    let server: ServerName
    let endpoint: ServerEndpoint
    /// What its `Host` header says.
    let authority: String
    private let loop: GatewayLoop
    private var context: ChannelHandlerContext?
    private weak var user: (any UpstreamUser)?
    private var isReadWaiting = false
    private var hasUnflushed = false
    private var needsHandshake: Bool
    private var isSurrendered = false
    /// Ticks until what is waited for is late: the handshake, the answer's head, the next request.
    private var ticksLeft = Int.max
    private var answerTicks = Int.max
    /// Whether it waits for the next request.
    private(set) var isKept = false
    /// Whether it carried a request before: then the server may just have closed it.
    private(set) var isUsed = false

    init(to server: ServerName, at endpoint: ServerEndpoint, on loop: GatewayLoop) {
        self.server = server
        self.endpoint = endpoint
        self.loop = loop
        authority = endpoint.authority
        needsHandshake = endpoint.scheme == .https
        ticksLeft = loop.settings.dialTicks
    }

    // MARK: Use

    /// Gives the connection to somebody until it is released or fails.
    ///
    /// - Parameters:
    ///   - user: who sends a request now.
    ///   - isSilent: whether the server is known to be silent, so that its answer has to begin soon.
    func lend(to user: any UpstreamUser, isSilent: Bool) {
        self.user = user
        isUsed = isKept
        isKept = false
        answerTicks = isSilent ? loop.settings.dialTicks : loop.settings.answerTicks
        if !needsHandshake { ticksLeft = answerTicks }
    }

    /// Takes the connection back when request and answer are whole, and keeps it if that makes
    /// sense.
    func release(reusable: Bool) {
        user = nil
        guard reusable, loop.upstreams.keep(self, most: loop.settings.keptConnections) else {
            return abandon()
        }
        isKept = true
        ticksLeft = loop.settings.keepTicks
        goOnReading()
    }

    /// Gives the connection up in the middle of something.
    func abandon() {
        user = nil
        context?.close(promise: nil)
    }

    /// Whether more may be written now.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Queues a part of the request.
    func send(_ part: HTTPClientRequestPart) {
        hasUnflushed = true
        context?.write(Self.wrapOutboundOut(part), promise: nil)
    }

    /// Hands what was queued to the kernel.
    func flush() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        context?.flush()
    }

    /// Reads on if that waited for the user.
    func goOnReading() {
        guard isReadWaiting else { return }
        isReadWaiting = false
        context?.read()
    }

    /// Puts `end` in the place of all that speaks HTTP; this connection is forgotten.
    func surrender(to end: TunnelEnd) throws {
        guard let context else { throw ChannelError.ioOnClosedChannel }
        isSurrendered = true
        user = nil
        loop.upstreams.remove(self)
        let pipeline = context.pipeline.syncOperations
        let encoder = try pipeline.context(handlerType: HTTPRequestEncoder.self)
        let decoder = try pipeline.context(
            handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
        try pipeline.addHandler(end, position: .after(self))
        pipeline.removeHandler(context: encoder, promise: nil)
        pipeline.removeHandler(context: decoder).assumeIsolated().whenComplete { _ in end.opened() }
        pipeline.removeHandler(context: context, promise: nil)
    }

    /// The server is silent: an answer that has not begun is not waited for.
    func fellSilent() {
        if ticksLeft != .max { fail() }
    }

    /// Time passes.
    func tick() {
        guard ticksLeft != .max else { return }
        ticksLeft -= 1
        guard ticksLeft < 0 else { return }
        fail()
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.upstreams.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        if !isSurrendered { loop.upstreams.remove(self) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail() }

    /// The connection is of no use any more; whoever has it is told.
    func fail(_ refusal: ForwardRefusal = .ownerUnreachable) {
        let user = user
        self.user = nil
        loop.upstreams.remove(self)
        isKept = false
        context?.close(promise: nil)
        user?.upstreamFailed(refusal)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted:
            needsHandshake = false
            ticksLeft = answerTicks
        case ChannelEvent.inputClosed: fail()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: The answer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let user else {
            // Nobody asked: what speaks here is not to be trusted with a request.
            return fail()
        }
        let part = Self.unwrapInboundIn(data)
        if case .head = part { ticksLeft = .max }
        user.upstream(received: part)
    }

    func channelReadComplete(context: ChannelHandlerContext) { user?.upstreamReceivedAll() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { user?.upstreamDrained() }
    }

    func read(context: ChannelHandlerContext) {
        if user?.takesAnswer ?? true {
            context.read()
        } else {
            isReadWaiting = true
        }
    }
}

extension ServerEndpoint {
    /// What the `Host` header of a request to this endpoint says.
    var authority: String {
        let text = description
        guard let separator = text.firstRange(of: "://") else { return text }
        return String(text[separator.upperBound...])
    }
}
