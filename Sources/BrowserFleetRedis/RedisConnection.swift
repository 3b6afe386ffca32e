// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore
import NIOPosix
import NIOSSL

/// One connection to Redis. Commands are pipelined. Who waits for a reply waits until the deadline;
/// a connection that says nothing at all for too long, though something is awaited, is closed.
struct RedisConnection: Sendable {
    private let channel: any Channel

    /// Dials, over TLS if the address wants that; the certificate is checked against the host.
    static func dial(
        _ address: RedisAddress, trust: [NIOSSLCertificate]?, silence: Duration,
        timeout: Duration
    ) async throws -> RedisConnection {
        let context = try address.usesTLS ? tlsContext(trust) : nil
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        let tls = try NIOSSLClientHandler(
                            context: context, serverHostname: serverName(of: address))
                        try channel.pipeline.syncOperations.addHandler(tls)
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        RedisHandler(silence: TimeAmount(silence)))
                }
            }
        let channel = try await bootstrap.connect(host: address.host, port: Int(address.port)).get()
        return RedisConnection(channel: channel)
    }

    /// Whether it can still be used.
    var isActive: Bool { channel.isActive }

    /// Sends commands in one go and answers their replies in order. For a task that is cancelled the
    /// deadline is over.
    func send(_ commands: [[String]], by deadline: StoreDeadline) async throws -> [RedisReply] {
        let loop = channel.eventLoop
        let outcome = loop.makePromise(of: [RedisReply].self)
        let timer = loop.scheduleTask(in: TimeAmount(deadline.remaining)) {
            outcome.fail(RedisLinkError.late)
        }
        defer { timer.cancel() }
        let replies = commands.map { words in
            let promise = loop.makePromise(of: RedisReply.self)
            let written = loop.makePromise(of: Void.self)
            // A connection that has ended drops what is written to it, and the promise with it.
            written.futureResult.whenFailure { promise.fail($0) }
            channel.write(RedisRequest(words: words, reply: promise), promise: written)
            return promise.futureResult
        }
        channel.flush()
        EventLoopFuture.whenAllSucceed(replies, on: loop).cascade(to: outcome)
        return try await withTaskCancellationHandler {
            try await outcome.futureResult.get()
        } onCancel: {
            outcome.fail(RedisLinkError.late)
        }
    }

    /// Ends the connection; what is awaited fails.
    func close() {
        channel.close(promise: nil)
    }

    private static func tlsContext(_ trust: [NIOSSLCertificate]?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let trust { configuration.trustRoots = .certificates(trust) }
        return try NIOSSLContext(configuration: configuration)
    }

    // TLS names hosts only; an address is checked against the addresses of the certificate.
    private static func serverName(of address: RedisAddress) -> String? {
        (try? SocketAddress(ipAddress: address.host, port: 0)) == nil ? address.host : nil
    }
}
