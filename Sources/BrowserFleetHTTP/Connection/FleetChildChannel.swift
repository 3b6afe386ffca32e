// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL

/// HTTP/1.1 with WebSocket upgrade on one port.
///
/// Hummingbird has no upgrade hook on its HTTP/1 channel, so this one is ours: requests go to
/// whatever responder it is given, an embedder's as well as the fleet's, and upgrades go to a
/// decision that can answer them as HTTP.
struct FleetChildChannel: ServerChildChannel {
    /// One connection: what Hummingbird reads requests from, and who is at its far end.
    struct Value: ServerChildChannelValue {
        var connection: AcceptedConnection<HTTPRequestPart, HTTPResponsePart>
        var client: ConnectedClient
        var channel: any Channel { connection.channel }
    }

    /// Borrows Hummingbird's loop over the requests of a connection.
    private struct RequestLoop: HTTPChannelHandler {
        typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
        let responder: HTTPChannelHandler.Responder

        func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
            channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }

        func handle(value: Value, logger: Logger) async {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }

    private let requests: RequestLoop
    private let gate: UpgradeGateSettings
    private let idleTimeout: Duration
    private let tls: TLSFiles?

    /// Creates the set-up of every connection.
    ///
    /// - Parameters:
    ///   - responder: answers requests that are no upgrade.
    ///   - gate: decides about upgrades, and bounds connections.
    ///   - idleTimeout: how long a connection may stay without a request.
    ///   - tls: the certificate; `nil` speaks plain HTTP.
    init(
        responder: @escaping HTTPChannelHandler.Responder, gate: UpgradeGateSettings,
        idleTimeout: Duration, tls: TLSFiles?
    ) {
        self.requests = RequestLoop(responder: responder)
        self.gate = gate
        self.idleTimeout = idleTimeout
        self.tls = tls
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
            let peer = channel.remoteAddress?.ipAddress.flatMap { text in
                IPAddress(text.prefix { $0 != "%" })
            }
            let client = ConnectedClient(peer: peer, proxies: gate.proxies)
            client.onHangUp { Self.reset(channel) }
            let arrival = ArrivalHandler(
                headTimeout: gate.headTimeout, bodyTimeout: gate.bodyTimeout)
            let pipeline = channel.pipeline.syncOperations
            if let peer, gate.proxies.trusts(peer) {
                try pipeline.addHandler(ProxyHeaderHandler())
            }
            let upgradeGate = UpgradeGate(settings: gate, client: client, arrival: arrival)
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.context())) }
            try pipeline.addHandlers([
                HTTPResponseEncoder(),
                arrival,
                ByteToMessageHandler(
                    HTTPRequestDecoder(
                        leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop,
                        limitConfiguration: RequestHeadRules.decoderLimits)),
                upgradeGate,
            ])
            if let forwarding = gate.forwarding {
                let connection = ForwardableConnection(
                    forwarding, settings: gate, client: client, gate: upgradeGate,
                    idleTimeout: idleTimeout)
                try pipeline.addHandler(forwarding.makeHandler(connection, channel.eventLoop))
            }
            try pipeline.addHandlers([
                HTTP1ToHTTPServerCodec(secure: gate.isSecure),
                HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger),
            ])
            let http = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true))
            return Value(connection: AcceptedConnection(http), client: client)
        }
    }

    /// Ends the connection of a client that reads nothing. Without a reset the kernel would keep
    /// what it was sent, and the client not hear of it.
    private static func reset(_ channel: any Channel) {
        let isSet = (channel as? any SocketOptionProvider)?
            .setSoLinger(linger(l_onoff: 1, l_linger: 0))
        (isSet ?? channel.eventLoop.makeSucceededVoidFuture())
            .whenComplete { _ in channel.close(mode: .all, promise: nil) }
    }

    func handle(value: Value, logger: Logger) async {
        await ConnectedClient.$current.withValue(value.client) {
            await requests.handle(value: value.connection.take(), logger: logger)
        }
    }
}
