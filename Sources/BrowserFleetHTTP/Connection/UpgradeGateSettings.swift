// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import Crypto
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// What the gates of all connections share.
struct UpgradeGateSettings: Sendable {
    /// Decides about upgrades.
    var decision: UpgradeDecision
    /// Bounds the connections.
    var connections: ConnectionCounter
    /// Whose word about a client's address is believed.
    var proxies = TrustedProxies.none
    /// Hears of refusals that come before there is a call to be answered.
    var onRefusal: @Sendable (Problem, CallIdentity, IPAddress?) -> Void = { _, _, _ in }
    /// Limits of the WebSockets.
    var webSocket = WebSocketSettings()
    /// How long a client may take to send a head.
    var headTimeout = Duration.seconds(10)
    /// In which time a body must be whole, or have brought a little more.
    var bodyTimeout = Duration.seconds(30)
    /// How long a client may take to close after an answer that closes.
    var lingerTimeout = Duration.seconds(2)
    /// Whether the connection is TLS.
    var isSecure = false
    /// Sends requests on to other servers; `nil` where there are none.
    var forwarding: RequestForwarding?
    /// Whether a request comes from a gateway of this fleet, by its signature.
    var isFromGateway: @Sendable (HTTPRequestHead) -> Bool = { _ in false }
    /// Whether a request names a host of ours.
    var servesHost: @Sendable (String?) -> Bool = { _ in true }

    /// Ends the time-out of idle connections: one that waits for a decision is not idle, has no
    /// request behind it, and the decision has deadlines of its own.
    func endIdleTimeout(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let idle = try? pipeline.context(handlerType: HTTPConnectionStateHandler.self)
        if let idle { pipeline.removeHandler(context: idle, promise: nil) }
    }

    /// Who answers a request: a server of another name only for what is about its browsers, came
    /// from a client and names a host of ours. Everything else is answered here, if by a refusal.
    func decideForward(_ head: HTTPRequestHead) -> ForwardDecision {
        guard let forwarding, let id = ForwardedTarget.browserID(in: head.uri) else {
            return .local
        }
        let decision = forwarding.owners.decide(browserID: id)
        guard case .remote = decision else { return decision }
        let mayPass = !isFromGateway(head) && servesHost(head.headers.first(name: "host"))
        return mayPass ? decision : .local
    }

    /// Takes the HTTP handlers out and puts `handler`, if there is one, in their place. What the
    /// parser has read beyond the handshake is handed to what stands behind the gate then.
    ///
    /// - Returns: done when that was handed over.
    @discardableResult
    func replaceHandlers(
        _ context: ChannelHandlerContext, with handler: WebSocketHandler? = nil
    ) throws -> EventLoopFuture<Void> {
        let pipeline = context.pipeline.syncOperations
        let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
        let codec = try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self)
        let decoder = try pipeline.context(
            handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let arrival = try pipeline.context(handlerType: ArrivalHandler.self)
        for old in [encoder, arrival, codec] {
            pipeline.removeHandler(context: old, promise: nil)
        }
        if let handler { try pipeline.addHandler(handler, position: .after(context.handler)) }
        let handedOver = pipeline.removeHandler(context: decoder)
        pipeline.removeHandler(context: context, promise: nil)
        context.channel.read()
        return handedOver
    }
}

/// The one computation of a WebSocket handshake.
enum WebSocketHandshake {
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of `Sec-WebSocket-Accept` for a client's key (RFC 6455 section 4.2.2).
    static func accept(_ key: String) -> String {
        Base64.encode(Insecure.SHA1.hash(data: Array((key + suffix).utf8)))
    }
}
