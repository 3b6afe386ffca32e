// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

@testable import BrowserFleetHTTP

/// A TCP server of bytes: what its script sends is what those who connect get.
struct RawListener {
    let port: Int

    /// Runs `body` while each connection to a free local port is served by `serve`.
    static func with<Value: Sendable>(
        serving serve: @escaping @Sendable (RawConnection) async throws -> Void,
        _ body: @escaping @Sendable (RawListener) async throws -> Value
    ) async throws -> Value {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    AcceptedConnection(
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(isOutboundHalfClosureEnabled: true)))
                }
            }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { connections in
                    try await listener.executeThenClose { inbound in
                        for try await connection in inbound {
                            connections.addTask { try? await Self.run(connection.take(), serve) }
                        }
                    }
                }
            }
            let port = listener.channel.localAddress?.port ?? 0
            let value = try await body(RawListener(port: port))
            group.cancelAll()
            return value
        }
    }

    private static func run(
        _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
        _ serve: @Sendable (RawConnection) async throws -> Void
    ) async throws {
        try await connection.executeThenClose { inbound, outbound in
            try await serve(RawConnection(inbound, outbound))
        }
    }
}
