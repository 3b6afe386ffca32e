// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Stands between the HTTP parser and Hummingbird: turns malformed requests away with a problem,
/// takes WebSocket upgrades aside, lets everything else pass.
///
/// States: passing -> holding (an upgrade waits for an earlier answer) -> deciding -> upgraded;
/// passing or deciding -> closing (an answer of our own is out; what still comes is dropped).
final class UpgradeGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case passing
        case holding(HTTPRequestHead)
        case deciding(Task<Void, Never>)
        case upgraded
        case closing
    }

    private let settings: UpgradeGateSettings
    private let client: ConnectedClient
    private let arrival: ArrivalHandler
    private var admission: ConnectionAdmission?
    private var context: ChannelHandlerContext?
    private var state = State.passing
    /// Requests handed on whose answer is not complete.
    private var inFlight = 0
    private var closesAfterAnswer = false
    private var skipsRest = false
    private var hasAnswerBegun = false
    /// What a handshake that is sent on has got already, to be given back if the connection ends
    /// before it is a WebSocket.
    private var onAbandoned: (@Sendable () -> Void)?

    /// Creates a gate.
    ///
    /// - Parameters:
    ///   - settings: what all connections share.
    ///   - client: told when it goes away.
    ///   - arrival: told what the parser showed; tells when a client is late.
    init(settings: UpgradeGateSettings, client: ConnectedClient, arrival: ArrivalHandler) {
        self.settings = settings
        self.client = client
        self.arrival = arrival
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arrival.onLate = { [weak self] part in self?.late(part, context) }
        let admission = ConnectionAdmission(context.channel, by: settings.connections)
        self.admission = admission
        if let peer = client.peer, !settings.proxies.trusts(peer) { admission.count(from: peer) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        arrival.onLate = nil
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        clientWentAway()
        onAbandoned?()
        onAbandoned = nil
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let named = event as? ProxyHeaderHandler.ClientNamed {
            client.peer = named.address
            admission?.count(from: named.address)
        }
        if case ChannelEvent.inputClosed = event {
            clientWentAway()
            if case .closing = state { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .passing = state, let fault = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        // The connection ends with the answer that is awaited; what is behind that is not read.
        if skipsRest { return }
        let problem = RequestHeadRules.problem(fault)
        if !arrival.isInRequest {
            answerAfterOthers(context, problem, CallIdentity())
        } else if inFlight == 1 && !hasAnswerBegun {
            refuse(context, problem, CallIdentity())
            // Whoever reads the body must not wait for the rest of it.
            context.fireErrorCaught(error)
        } else {
            context.close(promise: nil)
        }
    }

    private func clientWentAway() {
        client.clientWentAway()
        if case .deciding(let task) = state { task.cancel() }
    }

    /// A client that does not say what it wants, or not to the end, is closed with 408; if an answer
    /// is on its way already, that is finished first, or the connection is only closed.
    private func late(_ part: ArrivalHandler.Late, _ context: ChannelHandlerContext) {
        guard case .passing = state, !skipsRest else { return }
        switch part {
        case .head:
            answerAfterOthers(
                context, Problem(.requestTimeout, "No whole request came in time."),
                CallIdentity())
        case .body where inFlight == 1 && !hasAnswerBegun:
            refuse(
                context, Problem(.requestTimeout, "The body did not come in time."), CallIdentity())
        case .body: context.close(promise: nil)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .passing: read(context, unwrapInboundIn(data))
        case .upgraded: context.fireChannelRead(data)
        case .holding, .deciding, .closing: break
        }
    }

    private func read(_ context: ChannelHandlerContext, _ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head):
            arrival.headCame()
            read(context, head)
        case .body(let bytes):
            arrival.bodyCame(bytes.readableBytes)
            if !skipsRest { context.fireChannelRead(wrapInboundOut(part)) }
        case .end:
            arrival.requestEnded()
            if !skipsRest { context.fireChannelRead(wrapInboundOut(part)) }
        }
    }

    private func read(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        // Nothing behind a refused request is done (RFC 9112 section 9.6).
        if skipsRest { return }
        if let admission, admission.isCounted, settings.isFromGateway(head) {
            admission.belongsToGateway()
        }
        if let problem = admission?.refusal ?? RequestHeadRules.problem(head) {
            return answerAfterOthers(context, problem, Self.identity(head))
        }
        guard RequestHeadRules.isWebSocketUpgrade(head) else { return pass(context, head) }
        if let problem = RequestHeadRules.handshakeProblem(head) {
            return answerAfterOthers(context, problem, Self.identity(head))
        }
        if case .remote = settings.decideForward(head) {
            inFlight += 1
            context.fireChannelRead(wrapInboundOut(.head(head)))
        } else if inFlight > 0 {
            state = .holding(head)
        } else {
            decide(context, head)
        }
    }

    private func pass(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        var head = head
        if RequestHeadRules.wantsUpgrade(head) {
            // An upgrade we do not know is ignored (RFC 9110 section 7.8), but the parser reads
            // nothing behind it.
            head.headers.remove(name: "upgrade")
            head.headers.replaceOrAdd(name: "connection", value: "close")
            closesAfterAnswer = true
        }
        inFlight += 1
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Pipelining behind a request that still runs: its answer must come first, and a problem is
    /// not worth waiting for.
    private func answerAfterOthers(
        _ context: ChannelHandlerContext, _ problem: Problem, _ identity: CallIdentity
    ) {
        guard inFlight == 0 else {
            closesAfterAnswer = true
            skipsRest = true
            return
        }
        refuse(context, problem, identity)
    }

    // MARK: Answers that pass

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch state {
        case .upgraded: context.write(data, promise: promise)
        case .closing, .deciding: promise?.fail(ChannelError.ioOnClosedChannel)
        case .passing, .holding: write(context, unwrapOutboundIn(data), promise)
        }
    }

    private func write(
        _ context: ChannelHandlerContext, _ part: HTTPServerResponsePart,
        _ promise: EventLoopPromise<Void>?
    ) {
        switch part {
        case .head(var head):
            hasAnswerBegun = true
            if head.headers[canonicalForm: "connection"].contains("close") {
                closesAfterAnswer = true
            } else if closesAfterAnswer {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(wrapOutboundOut(part), promise: promise)
        case .end:
            context.write(wrapOutboundOut(part), promise: promise)
            answerCompleted(context)
        }
    }

    private func answerCompleted(_ context: ChannelHandlerContext) {
        inFlight -= 1
        hasAnswerBegun = false
        if closesAfterAnswer {
            context.flush()
            linger(context)
        } else if case .holding(let head) = state, inFlight == 0 {
            decide(context, head)
        }
    }

    // MARK: Answers of our own

    /// Answers what never became a call.
    private func refuse(
        _ context: ChannelHandlerContext, _ problem: Problem, _ identity: CallIdentity
    ) {
        var problem = problem
        problem.instance = identity.instance(path: "")
        settings.onRefusal(problem, identity, client.peer)
        answer(context, problem, identity)
    }

    static func identity(_ head: HTTPRequestHead) -> CallIdentity {
        CallIdentity(offered: head.headers.first(name: HTTPField.Name.requestID.rawName))
    }

    private func answer(
        _ context: ChannelHandlerContext, _ problem: Problem, _ identity: CallIdentity
    ) {
        let (head, body) = ProblemBody.answer(problem, identity)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// The answer to a request that was to be sent on and could not be; it is noted as a refusal.
    func refusal(
        _ head: HTTPRequestHead, _ problem: Problem
    ) -> (HTTPResponseHead, ByteBuffer) {
        let identity = Self.identity(head)
        var problem = problem
        problem.instance = identity.instance(path: head.uri)
        settings.onRefusal(problem, identity, client.address(of: head.headers))
        return ProblemBody.answer(problem, identity)
    }

    /// Closes our side and waits a little for the client's: closing with unread bytes in the
    /// kernel would reset the connection, and the answer might be lost with it.
    private func linger(_ context: ChannelHandlerContext) {
        state = .closing
        context.close(mode: .output, promise: nil)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let timeout = TimeAmount.nanoseconds(settings.lingerTimeout.wholeNanoseconds)
        context.eventLoop.scheduleTask(in: timeout) { loopBound.value.close(promise: nil) }
    }

    // MARK: Upgrades

    private func decide(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        guard let request = try? HTTPRequest(head, secure: settings.isSecure, splitCookie: false)
        else {
            return refuse(
                context, Problem(.malformedRequest, "The head cannot be read."),
                Self.identity(head))
        }
        let upgrade = UpgradeRequest(
            head: request, client: client, identity: Self.identity(head),
            channel: context.channel)
        settings.endIdleTimeout(context)
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let (decision, eventLoop) = (settings.decision, context.eventLoop)
        state = .deciding(
            Task {
                let answer = await decision(upgrade)
                eventLoop.execute {
                    let (gate, context) = loopBound.value
                    gate.decided(context, answer, upgrade.identity, head)
                }
            })
    }

    private func decided(
        _ context: ChannelHandlerContext, _ decision: UpgradeAnswer, _ identity: CallIdentity,
        _ head: HTTPRequestHead
    ) {
        guard case .deciding(let task) = state, context.channel.isActive, !task.isCancelled else {
            decision.abandon()
            context.close(promise: nil)
            return
        }
        switch decision {
        case .refuse(let problem): answer(context, problem, identity)
        case .accept(let consumer):
            let key = head.headers.first(name: "sec-websocket-key") ?? ""
            upgrade(context, consumer, identity, key: key)
        case .forward(let target, let abandoned):
            var head = head
            head.uri = target
            onAbandoned = abandoned
            forward(context, head)
        }
    }

    /// Hands the handshake to what sends requests on, which asks again whose it is.
    private func forward(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        switch settings.decideForward(head) {
        case .remote: break
        case .refuse(let refusal): return refuse(context, Problem(refusal), Self.identity(head))
        case .local:
            return refuse(
                context, Problem(ForwardRefusal.ownerUnreachable), Self.identity(head))
        }
        state = .passing
        inFlight += 1
        arrival.requestEnded()
        context.fireChannelRead(wrapInboundOut(.head(head)))
        context.fireChannelRead(wrapInboundOut(.end(nil)))
        context.fireChannelReadComplete()
    }

    private func upgrade(
        _ context: ChannelHandlerContext, _ consumer: any WebSocketConsumer,
        _ identity: CallIdentity, key: String
    ) {
        state = .upgraded
        let headers = HTTPHeaders([
            ("upgrade", "websocket"), ("connection", "upgrade"),
            ("sec-websocket-accept", WebSocketHandshake.accept(key)),
            (HTTPField.Name.requestID.rawName, identity.text),
        ])
        let head = HTTPResponseHead(
            version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        do {
            try settings.replaceHandlers(
                context, with: WebSocketHandler(consumer: consumer, settings: settings.webSocket))
        } catch {
            consumer.abandoned()
            context.close(promise: nil)
        }
    }

    /// Leaves the pipeline, with all that speaks HTTP, to those behind.
    func surrender() throws -> EventLoopFuture<Void> {
        guard let context else { throw ChannelError.ioOnClosedChannel }
        state = .upgraded
        onAbandoned = nil
        settings.endIdleTimeout(context)
        return try settings.replaceHandlers(context)
    }

    /// Nothing is read while an upgrade is decided: the parser would only hoard it. The end of the
    /// connection is noticed all the same.
    func read(context: ChannelHandlerContext) {
        if case .deciding = state { return }
        context.read()
    }
}
