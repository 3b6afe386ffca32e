// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A client that sends a request and reads nothing of what comes back.
enum Deaf {
    /// Runs `body` with such a client's connection.
    static func with(
        port: Int, _ request: String, _ body: (any Channel) async throws -> Void
    ) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
        try await body(channel)
        try? await channel.close().get()
    }
}
