// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import BrowserFleetHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Serves an echo on our WebSockets, and a gateway in front of it, to
/// `Tests/Clients/test_kosoku_conformance.py`, which names a file for both ports in `FLEET_ECHO` and
/// ends the process; without that there is nothing to do.
@Suite(
    "an echo for the conformance suite",
    .enabled(if: ProcessInfo.processInfo.environment["FLEET_ECHO"] != nil))
struct EchoServerTests {
    /// Sends back what comes.
    private final class Echo: WebSocketConsumer {
        private let socket: NIOLoopBoundBox<WebSocketHandler?>

        init(eventLoop: any EventLoop) {
            socket = .makeEmptyBox(valueType: WebSocketHandler.self, eventLoop: eventLoop)
        }

        func opened(_ socket: WebSocketHandler) { self.socket.value = socket }
        func received(_ message: ByteBuffer, isText: Bool) {
            socket.value?.send(message, isText: isText)
        }
        func receiveComplete() { socket.value?.flush() }
        func drained(unsent: Int) {}
        func closed() { socket.value = nil }
        func abandoned() {}
    }

    @Test("it serves for two minutes, or until it is ended", .timeLimit(.minutes(3)))
    func serve() async throws {
        let path = ProcessInfo.processInfo.environment["FLEET_ECHO"] ?? ""
        let ports = AsyncStream<Int>.makeStream()
        let server = Self.server { ports.continuation.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                let port = await ports.stream.first { _ in true } ?? 0
                try await GatewayRig.with(
                    node: port, configure: { $0.longestMessage = 100 << 20 }
                ) { rig in
                    try PrivateFile.replace(path, with: Array("\(port) \(rig.port)".utf8))
                    try await Task.sleep(for: .seconds(120))
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func server(listening: @escaping @Sendable (Int) -> Void) -> any Service {
        let gate = UpgradeGateSettings(
            decision: { .accept(Echo(eventLoop: $0.channel.eventLoop)) },
            connections: ConnectionCounter(most: 1000, mostPerAddress: 1000))
        let channel = FleetChildChannel(
            responder: { _, writer, _ in
                try await writer.write(response: .init(status: .noContent), body: .init())
            }, gate: gate, idleTimeout: .seconds(75), tls: nil)
        return channel.server(
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "echo", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}
