// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL

/// A server on 127.0.0.1 whose every connection a test plays by hand.
final class Outside: Sendable {
    private let listener: any Channel
    private let peers: AsyncStream<Peer>

    /// The port it listens on, also after it has stopped.
    let port: Int

    private init(listener: any Channel, peers: AsyncStream<Peer>) {
        self.listener = listener
        self.peers = peers
        port = listener.localAddress?.port ?? 0
    }

    static func start(tls: NIOSSLContext? = nil) async throws -> Outside {
        let (peers, continuation) = AsyncStream.makeStream(of: Peer.self)
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = NIOSSLServerHandler(context: tls)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    continuation.yield(try Peer.accepted(channel))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Outside(listener: listener, peers: peers)
    }

    /// The allow-list entry for this server.
    var rule: String { "127.0.0.1:\(port)" }

    /// The next connection that somebody makes here.
    func accept() async throws -> Peer {
        for await peer in peers { return peer }
        throw Peer.Ended()
    }

    func stop() async {
        try? await listener.close()
    }
}
