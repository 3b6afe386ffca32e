// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
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

    /// Ends the time-out of idle connections: one that waits for a decision is not idle, has no
    /// request behind it, and the decision has deadlines of its own.
    func endIdleTimeout(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let idle = try? pipeline.context(handlerType: HTTPConnectionStateHandler.self)
        if let idle { pipeline.removeHandler(context: idle, promise: nil) }
    }

    /// Takes the HTTP handlers out and puts `handler` in their place. What the parser has read
    /// beyond the handshake is handed to it.
    func replaceHandlers(
        _ context: ChannelHandlerContext, with handler: WebSocketHandler
    ) throws {
        let pipeline = context.pipeline.syncOperations
        let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
        let codec = try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self)
        let decoder = try pipeline.context(
            handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let arrival = try pipeline.context(handlerType: ArrivalHandler.self)
        for old in [encoder, arrival, codec] {
            pipeline.removeHandler(context: old, promise: nil)
        }
        try pipeline.addHandler(handler, position: .after(context.handler))
        pipeline.removeHandler(context: decoder, promise: nil)
        pipeline.removeHandler(context: context, promise: nil)
        context.channel.read()
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
