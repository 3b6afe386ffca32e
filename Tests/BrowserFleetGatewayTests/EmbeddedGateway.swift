// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import CoreMetrics
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOSSL
import Synchronization

@testable import BrowserFleetGateway

/// A forwarder between two channels without sockets, in a time that a test moves.
final class EmbeddedGateway {
    /// Sends everything to one server and keeps what is heard of it.
    final class Owners: Forwarding {
        let decision = Mutex(
            ForwardDecision.remote(EmbeddedGateway.server, EmbeddedGateway.endpoint))
        let failures = Mutex<[Bool]>([])

        func decide(browserID: BrowserID) -> ForwardDecision { decision.withLock(\.self) }
        func outcome(of server: ServerName, failed: Bool) {
            failures.withLock { $0.append(failed) }
        }
        func onFailure(_ action: @escaping @Sendable (ServerName, ServerFailure) -> Void) {}
    }

    static let server = ServerName(decoding: browser)
    static let endpoint = ServerEndpoint(scheme: .http, host: "node1.test", port: 3000)
    private static var browser: ServerPrefix {
        guard let prefix = try? ServerPrefix(decoding: "node1-test") else { fatalError() }
        return prefix
    }

    let time = EmbeddedEventLoop()
    let owners = Owners()
    let loop: GatewayLoop
    let client: EmbeddedChannel
    private(set) var upstreams: [EmbeddedChannel] = []

    /// Creates a gateway whose connections are idle for at most a minute.
    init(_ change: (inout GatewayConfiguration) -> Void = { _ in }) throws {
        var configuration = GatewayConfiguration()
        change(&configuration)
        loop = GatewayLoop(
            time, settings: GatewayLoop.Settings(configuration), forwarding: owners,
            tls: try NIOSSLContext(configuration: .makeClientConfiguration()),
            metrics: GatewayMetrics(factory: NOOPMetricsHandler.instance),
            sign: { _, _, address, _, _ in [("x-forwarded-for", address ?? "")] })
        client = EmbeddedChannel(loop: time)
        let (known, channel) = (owners, client)
        let connection = GatewayConnection(
            decide: { _ in known.decision.withLock(\.self) },
            client: { _ in ForwardedClient(address: "1.2.3.4", isSecure: true, requestID: "r") },
            refusal: { _, refusal in
                let status = HTTPResponseStatus(statusCode: refusal.status)
                return (
                    HTTPResponseHead(version: .http1_1, status: status),
                    ByteBuffer(string: refusal.rawValue)
                )
            },
            surrender: { channel.eventLoop.makeSucceededVoidFuture() }, idleTimeout: .seconds(60))
        try client.pipeline.syncOperations.addHandler(RequestForwarder(connection, on: loop))
        try client.connect(to: SocketAddress(ipAddress: "1.2.3.4", port: 1)).wait()
    }

    /// Puts a kept connection to the server into the pool.
    @discardableResult
    func keepUpstream() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: time)
        let connection = UpstreamConnection(to: Self.server, at: Self.endpoint, on: loop)
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.connect(to: SocketAddress(ipAddress: "1.2.3.4", port: 2)).wait()
        connection.release(reusable: true)
        upstreams.append(channel)
        return channel
    }

    /// A request without a body from the client.
    func ask(_ method: HTTPMethod = .GET, _ headers: HTTPHeaders = ["host": "a"]) throws {
        let head = HTTPRequestHead(
            version: .http1_1, method: method, uri: "/browsers/x", headers: headers)
        try client.writeInbound(HTTPServerRequestPart.head(head))
        try client.writeInbound(HTTPServerRequestPart.end(nil))
    }

    /// An answer of the server.
    func answer(
        _ channel: EmbeddedChannel, _ status: HTTPResponseStatus = .ok,
        _ headers: HTTPHeaders = ["content-length": "2"]
    ) throws {
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        try channel.writeInbound(HTTPClientResponsePart.head(head))
        try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: "ok")))
        try channel.writeInbound(HTTPClientResponsePart.end(nil))
    }

    /// The head of the next answer that the client gets, with all its parts taken.
    func answered() throws -> HTTPResponseHead? {
        var head: HTTPResponseHead?
        while let part = try client.readOutbound(as: HTTPServerResponsePart.self) {
            if case .head(let found) = part { head = found }
        }
        return head
    }
}
