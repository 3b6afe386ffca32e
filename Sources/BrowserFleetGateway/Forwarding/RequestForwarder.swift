// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore
import NIOHTTP1

/// Stands in front of what answers requests here, and sends on those that belong to other servers.
///
/// Requests of one connection are answered in their order: a request for another server waits for
/// the answers from here, and whatever comes behind it waits for its answer. States of a
/// connection: local (requests pass) -> forwarding (one exchange) -> local ...; forwarding ->
/// surrendered, when the connection becomes a tunnel.
final class RequestForwarder: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: GatewayConnection
    private let loop: GatewayLoop
    private var context: ChannelHandlerContext?
    /// The request that is with another server.
    private var exchange: Exchange?
    /// Requests handed on here whose answer is not complete.
    private var localRequests = 0
    /// Parts of requests that wait for the answers in front of them.
    private var held = CircularBuffer<HTTPServerRequestPart>()
    private var isReadWaiting = false
    private var idle: IdleWatch
    /// What ends the connection once nothing is with another server any more: those behind know
    /// nothing of an exchange, and would close.
    private var heldEnds: [Any] = []
    /// Whether the last answer of this connection is out: what still comes is dropped.
    private var isOver = false
    /// Whether readings are bounded, as they are from the first request that is sent on.
    private var isBounded = false

    init(_ connection: GatewayConnection, on loop: GatewayLoop) {
        self.connection = connection
        self.loop = loop
        idle = IdleWatch(connection.idleTimeout)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// What the client sends cannot be read: the rest of the request will never come.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        leave()
        context.fireErrorCaught(error)
    }

    private func leave() {
        isOver = exchange != nil
        guard let exchange else { return held.removeAll() }
        self.exchange = nil
        held.removeAll()
        loop.metrics.forwarded(.abandoned)
        exchange.upstream?.abandon()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let isEnd =
            event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed
        if isEnd, isBusy {
            heldEnds.append(event)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Whether a request is with another server, or waits to be taken.
    private var isBusy: Bool { exchange != nil || !held.isEmpty }

    private var isQuiescing: Bool { heldEnds.contains { $0 is ChannelShouldQuiesceEvent } }

    private func passEnds() {
        let ends = heldEnds
        heldEnds = []
        for end in ends { context?.fireUserInboundEventTriggered(end) }
    }

    /// Those behind close a connection that is idle as far as they know.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all,
            let wait = idle.wait(isBusy: exchange != nil, at: loop.eventLoop.now)
        else {
            return context.close(mode: mode, promise: promise)
        }
        promise?.succeed()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: wait) {
            let (forwarder, context) = bound.value
            guard forwarder.context != nil, forwarder.localRequests == 0 else { return }
            forwarder.close(context: context, mode: .all, promise: nil)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = Self.unwrapInboundIn(data)
        if isOver || (held.isEmpty && take(part, context)) { return }
        held.append(part)
    }

    /// Passes a part on to where it belongs; false if it has to wait.
    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) -> Bool {
        if exchange?.isRequestOpen == true {
            sendOn(part)
            return true
        }
        guard case .head(let head) = part else {
            context.fireChannelRead(Self.wrapInboundOut(part))
            return true
        }
        guard exchange == nil else { return false }
        switch connection.decide(head) {
        case .remote(let server, let endpoint, let isSilent):
            guard localRequests == 0 else { return false }
            begin(Exchange(head, with: server, at: endpoint, isSilent: isSilent))
        case .local, .refuse:
            localRequests += 1
            context.fireChannelRead(Self.wrapInboundOut(part))
        }
        return true
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        exchange?.upstream?.flush()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if canRead { context.read() } else { isReadWaiting = true }
    }

    private var canRead: Bool { held.isEmpty && exchange?.takesRequest ?? true }

    private func goOnReading() {
        guard isReadWaiting, canRead else { return }
        isReadWaiting = false
        context?.read()
    }

    private func takeHeld() {
        guard let context, let first = held.first else {
            passEnds()
            return goOnReading()
        }
        var next: HTTPServerRequestPart? = first
        while let part = next, take(part, context) {
            held.removeFirst()
            next = held.first
        }
        exchange?.upstream?.flush()
        context.fireChannelReadComplete()
        if !isBusy { passEnds() }
        goOnReading()
    }

    // MARK: Answers from here

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = if case .end = Self.unwrapOutboundIn(data) { true } else { false }
        context.write(data, promise: promise)
        guard isEnd else { return }
        localRequests -= 1
        if localRequests == 0, !held.isEmpty { takeHeld() }
    }

    // MARK: The exchange

    private func begin(_ exchange: Exchange) {
        self.exchange = exchange
        if !isBounded, let channel = context?.channel {
            // What a client sends faster than a server takes it must not fill memory.
            isBounded = true
            try? loop.bound(channel)
        }
        if !exchange.isUpgrade, let kept = loop.upstreams.take(to: exchange.endpoint) {
            attach(kept)
        } else {
            dial(exchange)
        }
    }

    private func dial(_ exchange: Exchange) {
        loop.dial(exchange.server, at: exchange.endpoint) { [self] upstream in
            guard self.exchange === exchange else { return upstream?.abandon() ?? () }
            guard let upstream else { return fail(.ownerUnreachable) }
            exchange.isSilent = isSilent(exchange)
            attach(upstream)
            upstream.flush()
            goOnReading()
        }
    }

    private func attach(_ upstream: UpstreamConnection) {
        guard let exchange else { return upstream.abandon() }
        exchange.upstream = upstream
        upstream.lend(to: self, isSilent: exchange.isSilent)
        let head = ForwardedHead.request(
            exchange.head, from: connection.client(exchange.head), to: upstream.authority,
            sign: loop.sign)
        upstream.send(.head(head))
        for part in exchange.takeEarly() { upstream.send(part) }
    }

    private func sendOn(_ part: HTTPServerRequestPart) {
        guard let exchange else { return }
        switch part {
        case .head: break
        case .body(let bytes): exchange.send(.body(.byteBuffer(bytes)))
        case .end(let trailers):
            exchange.isRequestOpen = false
            exchange.send(.end(trailers.map(ForwardedFields.ofTrailers)))
            if exchange.isAnswered { finish() }
        }
    }

    // MARK: Its end

    private func finish() {
        guard let exchange else { return }
        self.exchange = nil
        if exchange.isLast {
            // Nothing behind the last answer is done (RFC 9112 section 9.6).
            isOver = true
            held.removeAll()
        }
        context?.flush()
        loop.metrics.forwarded(.answered)
        idle.touch(at: loop.eventLoop.now)
        exchange.upstream?.release(reusable: exchange.isReusable)
        takeHeld()
    }

    /// Answers for a server that gave no answer, or breaks off an answer that is not whole.
    private func fail(_ refusal: ForwardRefusal) {
        guard let context, let exchange else { return }
        self.exchange = nil
        isOver = true
        loop.forwarding.outcome(of: exchange.server, failed: true)
        guard !exchange.isAnswerBegun else {
            loop.metrics.forwarded(.brokenOff)
            return context.close(promise: nil)
        }
        held.removeAll()
        let refusal = presentRefusal(of: exchange, otherwise: refusal)
        loop.metrics.forwarded(GatewayMetrics.Outcome(refusal))
        var (head, body) = connection.refusal(exchange.head, refusal)
        head.headers.replaceOrAdd(name: "connection", value: "close")
        write(.head(head), context)
        if exchange.head.method != .HEAD { write(.body(.byteBuffer(body)), context) }
        write(.end(nil), context)
        context.flush()
        goOnReading()
    }

    /// A server that did not answer may have been declared lost meanwhile: then nobody is to wait
    /// for its return.
    private func presentRefusal(
        of exchange: Exchange, otherwise refusal: ForwardRefusal
    ) -> ForwardRefusal {
        guard case .refuse(let present) = connection.decide(exchange.head) else { return refusal }
        return present
    }

    /// Asked where time has passed: the server may have fallen silent since the request was decided.
    private func isSilent(_ exchange: Exchange) -> Bool {
        guard case .remote(_, _, let isSilent) = connection.decide(exchange.head) else {
            return false
        }
        return isSilent
    }

    private func write(_ part: HTTPServerResponsePart, _ context: ChannelHandlerContext) {
        context.write(Self.wrapOutboundOut(part), promise: nil)
    }
}

// MARK: - The answer of another server

extension RequestForwarder: UpstreamUser {
    var takesAnswer: Bool { context?.channel.isWritable ?? true }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { exchange?.upstream?.goOnReading() }
        context.fireChannelWritabilityChanged()
    }

    func upstreamDrained() { goOnReading() }

    func upstreamReceivedAll() { context?.flush() }

    func upstreamFailed(_ refusal: ForwardRefusal) {
        guard let exchange else { return }
        if exchange.mayRepeat, refusal != .serverLost, !isSilent(exchange) {
            exchange.repeatOnce()
            dial(exchange)
        } else {
            fail(refusal)
        }
    }

    func upstream(received part: HTTPClientResponsePart) {
        guard let context, let exchange else { return }
        switch part {
        case .head(let head) where exchange.isUpgrade && head.status == .switchingProtocols:
            guard HandshakeCheck.isValid(head, to: exchange.head) else {
                exchange.upstream?.abandon()
                return fail(.ownerUnreachable)
            }
            loop.forwarding.outcome(of: exchange.server, failed: false)
            exchange.isSwitching = true
            write(.head(HandshakeCheck.answer(head)), context)
        case .head(let head):
            loop.forwarding.outcome(of: exchange.server, failed: false)
            exchange.begin(head)
            exchange.isLast =
                exchange.isLastOfConnection || isQuiescing
                || ForwardedHead.endsConnection(head, to: exchange.head)
            write(
                .head(ForwardedHead.answer(head, to: exchange.head, isLast: exchange.isLast)),
                context)
        case .body(let bytes): write(.body(.byteBuffer(bytes)), context)
        case .end(let trailers):
            write(.end(trailers.map(ForwardedFields.ofTrailers)), context)
            if exchange.isSwitching { return surrender(exchange, context) }
            exchange.isAnswered = true
            if !exchange.isRequestOpen || exchange.isLastOfConnection { finish() }
        }
    }

    /// Makes a tunnel of both connections.
    private func surrender(_ exchange: Exchange, _ context: ChannelHandlerContext) {
        guard let upstream = exchange.upstream else { return }
        context.flush()
        self.exchange = nil
        loop.metrics.forwarded(.upgraded)
        let channel = context.channel
        let ends = Tunnel.make(to: exchange.server, on: loop)
        do {
            try loop.bound(channel)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ends.client, position: .after(self))
            try upstream.surrender(to: ends.server)
            let surrendered = try connection.surrender()
            surrendered.assumeIsolated().whenComplete { _ in ends.client.opened() }
            passEnds()
            pipeline.removeHandler(context: context, promise: nil)
            channel.read()
        } catch {
            ends.client.abandon()
            upstream.abandon()
            channel.close(promise: nil)
        }
    }
}
