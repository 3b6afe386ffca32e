// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import BrowserFleetHTTP

@Suite("An accepted connection", .timeLimit(.minutes(1)))
struct AcceptedConnectionTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    @Test("one that a stopping server never takes is closed")
    func notTaken() async throws {
        let gate = UpgradeGateSettings(
            decision: { _ in .refuse(Problem(.draining, "This server stops.")) },
            connections: ConnectionCounter(most: 10, mostPerAddress: 10))
        let child = FleetChildChannel(
            responder: { _, writer, _ in
                try await writer.write(response: .init(status: .noContent), body: .init())
            }, gate: gate, idleTimeout: .seconds(75), tls: nil)
        let quiet = Logger(label: "quiet", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                // The value is dropped here, as it is by a server that stops.
                child.setup(channel: channel, logger: quiet).map { _ in }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let client = try await ClientBootstrap(group: group)
            .connect(host: "127.0.0.1", port: port).get()
        try await client.closeFuture.get()
        try await server.close()
    }
}
