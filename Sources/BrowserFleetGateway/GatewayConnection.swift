// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetRuntime
public import NIOCore
public import NIOHTTP1

/// One connection of a client, as the server that accepted it shows it to a gateway.
///
/// Everything is used on the connection's event loop.
public struct GatewayConnection {
    /// Who answers a request, by its head.
    public var decide: (HTTPRequestHead) -> ForwardDecision
    /// Who asks, as far as the server knows.
    public var client: (HTTPRequestHead) -> ForwardedClient
    /// The answer to a request that could not be forwarded; without it ends the connection.
    public var refusal: (HTTPRequestHead, ForwardRefusal) -> (HTTPResponseHead, ByteBuffer)
    /// Takes every HTTP handler out of the pipeline, so that bytes come and go as they are; done
    /// when the parser has handed over what it read beyond the handshake. Called once, when the
    /// answer to a WebSocket handshake has been written.
    public var surrender: () throws -> EventLoopFuture<Void>
    /// How long the connection may stay without a request.
    public var idleTimeout: Duration

    /// Creates a connection.
    public init(
        decide: @escaping (HTTPRequestHead) -> ForwardDecision,
        client: @escaping (HTTPRequestHead) -> ForwardedClient,
        refusal:
            @escaping (HTTPRequestHead, ForwardRefusal) -> (HTTPResponseHead, ByteBuffer),
        surrender: @escaping () throws -> EventLoopFuture<Void>, idleTimeout: Duration
    ) {
        self.decide = decide
        self.client = client
        self.refusal = refusal
        self.surrender = surrender
        self.idleTimeout = idleTimeout
    }
}

@available(*, unavailable)
extension GatewayConnection: Sendable {}

/// The client of a request, as a gateway tells it to the server that answers.
public struct ForwardedClient: Sendable, Hashable {
    /// Its IP address; `nil` if that is not known.
    public var address: String?
    /// Whether it speaks TLS, to this process or to a trusted proxy in front.
    public var isSecure: Bool
    /// The ID of its call.
    public var requestID: String

    /// Creates a client.
    public init(address: String?, isSecure: Bool, requestID: String) {
        self.address = address
        self.isSecure = isSecure
        self.requestID = requestID
    }
}

/// Makes the header fields by which a server believes that a request comes from a gateway, and from
/// which client: all of `X-Forwarded-For`, `-Host` and `-Proto`, and a signature.
///
/// It is told the method, the target as it goes over the wire, the client's address, the `Host`
/// that the client named, and `http` or `https`.
public typealias ForwardSigning =
    @Sendable (
        _ method: String, _ target: String, _ address: String?, _ host: String?, _ scheme: String
    ) -> [(name: String, value: String)]
