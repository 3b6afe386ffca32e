// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore
import Synchronization
import Testing

@testable import BrowserFleetGateway
@testable import BrowserFleetHTTP

@Suite("WebSockets pass through a gateway")
struct TunnelTests {
    private static let accept =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

    /// A browser on a real node, and a socket to it through a gateway.
    private func opened(
        _ body:
            @escaping @Sendable (FleetRig, GatewayRig, SocketClient, String) async throws -> Void
    ) async throws {
        try await FleetRig.with(name: GatewayRig.node) { node in
            let made = try await node.create()
            try await GatewayRig.with(node: node.port) { rig in
                let path = "/browsers/\(made.id)"
                try await SocketClient.with(
                    port: rig.port, path: path, headers: ["X-API-Key: \(node.user)"]
                ) { try await body(node, rig, $0, path) }
            }
            try await node.wait(while: { node.pool.snapshot().counts.connections > 0 })
        }
    }

    /// A script in the place of a node, and a connection to it through a gateway.
    private func scripted(
        _ serve: @escaping @Sendable (RawConnection) async throws -> Void,
        times: @escaping @Sendable (inout GatewayConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (GatewayRig, RawConnection) async throws -> Void
    ) async throws {
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            _ = try await connection.read(upTo: "\r\n\r\n")
            try await serve(connection)
        }
        try await RawListener.with(serving: node) { node in
            try await GatewayRig.with(node: node.port, times: times) { rig in
                try await RawConnection.with(port: rig.port) { try await body(rig, $0) }
            }
        }
    }

    /// Shakes hands, which must succeed.
    private func open(_ rig: GatewayRig, _ client: RawConnection) async throws -> SocketClient {
        let answer = try await shake(rig, client)
        try #require(answer.status == 101, "\(answer.body)")
        return SocketClient(connection: client)
    }

    private func shake(_ rig: GatewayRig, _ client: RawConnection) async throws -> RawAnswer {
        try await SocketClient.handshake(client, port: rig.port, path: GatewayRig.browser)
    }

    // MARK: A real node

    @Test("calls and results pass both ways, large ones too")
    func calls() async throws {
        try await opened { _, _, client, _ in
            try await client.send(#"{"id":1,"method":"Fake.echo"}"#)
            #expect(try await client.nextMessage() == .text(#"{"id":1,"result":{}}"#))
            try await client.send(
                #"{"id":2,"method":"Fake.flood","params":{"count":3,"bytes":1000000}}"#)
            var bytes = 0
            while bytes < 3_000_000 {
                guard case .text(let text) = try await client.nextMessage() else { break }
                bytes += text.utf8.count
            }
            #expect(bytes > 3_000_000)
        }
    }

    @Test("the node's close code comes through, and the client's goes through")
    func codes() async throws {
        try await opened { node, _, client, path in
            _ = try await node.call("DELETE", path, key: node.user)
            #expect(try await client.nextMessage() == .close(4000, "deleted"))
            try await client.send(8, [0x0f, 0xa0])
            #expect(try await client.next() == .end)
        }
        try await opened { _, _, client, _ in
            try await client.send(8, [0x0f, 0xa1])
            #expect(try await client.nextMessage() == .close(4001, ""))
            #expect(try await client.next() == .end)
        }
    }

    @Test("a client that goes away without a word is gone for the node")
    func vanished() async throws {
        // The body ends the connection; the rig waits until the node counts none.
        try await opened { _, _, client, _ in
            try await client.send(#"{"id":1,"method":"Fake.echo"}"#)
            _ = try await client.nextMessage()
        }
    }

    @Test("a refused handshake is an HTTP answer")
    func refused() async throws {
        try await FleetRig.with(name: GatewayRig.node) { node in
            try await GatewayRig.with(node: node.port) { rig in
                try await RawConnection.with(port: rig.port) { client in
                    let answer = try await shake(rig, client)
                    #expect(try answer.problem().code == .unauthenticated)
                    #expect(answer["connection"] == "close")
                    #expect(try await client.readToEnd() == "")
                }
            }
        }
    }

    // MARK: Servers that end

    @Test("a server that is lost closes its clients with a reason")
    func lost() async throws {
        try await opened { _, rig, client, _ in
            rig.owners.lose(GatewayRig.node)
            let frame = try await client.nextMessage()
            #expect(frame == .close(1001, "server-lost"))
        }
    }

    @Test("a server that ends without a close frame closes its clients with a reason")
    func ended() async throws {
        try await scripted({ try await $0.send(Self.accept + "\u{1}\u{0}") }) { rig, client in
            let socket = try await open(rig, client)
            #expect(try await socket.next() == .text(""))
            #expect(try await socket.next() == .close(1001, "owner-unreachable"))
            #expect(try await socket.next() == .end)
        }
    }

    /// The beginning of a frame of 4 MiB.
    private static let large =
        "\u{1}\u{7f}\u{0}\u{0}\u{0}\u{0}\u{0}\u{40}\u{0}\u{0}"
        + String(repeating: "a", count: 300_000)

    @Test(
        "a frame that is cut short, and a close frame, are the last: then the connection just ends",
        arguments: ["\u{1}\u{5}abc", Self.large, "\u{8}\u{0}"])
    func cut(last: String) async throws {
        try await scripted({ try await $0.send(Self.accept + last) }) { rig, client in
            _ = try await open(rig, client)
            // An end that is not clean would throw.
            let received = try await client.readToEnd()
            #expect(received == last)
        }
    }

    @Test("where a lost server's frame does not come to its end, the connection just ends")
    func lostInFrame() async throws {
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            try await connection.send(Self.accept + Self.large)
            while try await connection.more() {}
        }
        let times: @Sendable (inout GatewayConfiguration) -> Void = {
            $0.lingerTimeout = .milliseconds(50)
        }
        try await scripted(node, times: times) { rig, client in
            _ = try await open(rig, client)
            while client.pending.readableBytes < Self.large.utf8.count {
                try #require(try await client.more())
            }
            rig.owners.lose(GatewayRig.node)
            let received = try await client.readToEnd()
            #expect(received == Self.large)
        }
    }

    @Test("tunnels and what passes through them are counted")
    func counted() async throws {
        let bytes = "browserfleet_tunnel_bytes_total"
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            try await connection.send(Self.accept + "\u{1}\u{3}abc")
            while try await connection.more() {}
        }
        try await scripted(node, times: { $0.tick = .milliseconds(5) }) { rig, client in
            let socket = try await open(rig, client)
            #expect(try await socket.next() == .text("abc"))
            #expect(rig.metrics.gauge("browserfleet_tunnels").value == 1)
            try await client.send("1234567")
            try await rig.gateway.wait {
                rig.metrics.counts(of: bytes, by: "direction") != ["to-client": 5, "to-server": 7]
            }
            client.finish()
            #expect(try await client.readToEnd() == "")
            try await rig.gateway.wait { rig.metrics.gauge("browserfleet_tunnels").value > 0 }
        }
    }

    @Test("a lost server's half frame is waited for, then the reason is said")
    func halfFrame() async throws {
        let rest = Mutex(false)
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            try await connection.send(Self.accept + "\u{1}\u{3}a")
            while !rest.withLock(\.self) { try await Task.sleep(for: .milliseconds(1)) }
            try await connection.send("bc")
            while try await connection.more() {}
        }
        try await scripted(node, times: { $0.lingerTimeout = .seconds(20) }) { rig, client in
            let socket = try await open(rig, client)
            #expect(try await client.read(upTo: "a") == "\u{1}\u{3}a")
            rig.owners.lose(GatewayRig.node)
            rest.withLock { $0 = true }
            #expect(try await client.read(upTo: "bc") == "bc")
            #expect(try await socket.next() == .close(1001, "server-lost"))
        }
    }

    @Test("a server that is silent for longer than its pings allow is gone")
    func silent() async throws {
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            try await connection.send(Self.accept)
            while try await connection.more() {}
        }
        let times: @Sendable (inout GatewayConfiguration) -> Void = {
            $0.silenceTimeout = .milliseconds(50)
            $0.tick = .milliseconds(10)
        }
        try await scripted(node, times: times) { rig, client in
            let socket = try await open(rig, client)
            let frame = try await socket.next()
            #expect(frame == .close(1001, "owner-unreachable"))
            #expect(rig.owners.failures == [false, true])
        }
    }

    @Test(
        "an answer that only looks like an upgrade is none",
        arguments: [
            ("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "c29tZQ=="),
            ("Upgrade: websocket", "Upgrade: h2c"), ("Connection: Upgrade", "Connection: close"),
        ])
    func falseUpgrade(good: String, bad: String) async throws {
        let answer = Self.accept.replacing(good, with: bad)
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            try await connection.send(answer)
            while try await connection.more() {}
        }
        try await scripted(node) { rig, client in
            let answer = try await shake(rig, client)
            #expect(try answer.problem().code == .ownerUnreachable)
        }
    }

    // MARK: Halves

    @Test("what a client sent before it closed its side arrives, and the answer comes back")
    func halfClose() async throws {
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            try await connection.send(Self.accept)
            while try await connection.more() {}
            let all = String(buffer: connection.pending)
            try await connection.send("\u{1}\u{2}" + all.suffix(2))
        }
        // On busy processors the node's turn may come late.
        try await scripted(node, times: { $0.lingerTimeout = .seconds(60) }) { rig, client in
            _ = try await open(rig, client)
            try await client.send("to the end: ok")
            client.finish()
            let answer = try await client.readToEnd()
            #expect(answer == "\u{1}\u{2}ok")
        }
    }

    @Test("a reader that stops holds the writer up; nothing is lost when it reads on")
    func backpressure() async throws {
        // More than the kernel takes in: twice what one may receive (32 MB) and send (4 MB).
        let size = 100_000_000
        let sent = Mutex(0)
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            try await connection.send(Self.accept)
            let head: [UInt8] = [
                2, 127, 0, 0, 0, 0, UInt8(size >> 24 & 255), UInt8(size >> 16 & 255),
                UInt8(size >> 8 & 255), UInt8(size & 255),
            ]
            try await connection.send(head)
            for _ in 0..<(size / 100_000) {
                try await connection.send([UInt8](repeating: 7, count: 100_000))
                sent.withLock { $0 += 100_000 }
            }
            while try await connection.more() {}
        }
        try await scripted(node) { rig, client in
            _ = try await open(rig, client)
            // As long as it grows, the kernel and the test's own buffers fill.
            var before = -1
            while sent.withLock(\.self) != before {
                before = sent.withLock(\.self)
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(before < size)
            var received = client.pending.readableBytes
            while received < size + 10, try await client.more() {
                received = client.pending.readableBytes
            }
            #expect(received == size + 10)
        }
    }

    @Test("each reason has a word of the API")
    func words() {
        for closure in [
            TunnelClosure.ownerUnreachable, .serverLost, .serverStopping,
        ] {
            #expect(ProblemCode(rawValue: closure.rawValue) != nil)
        }
        for refusal in ForwardRefusal.allCases {
            #expect(ProblemCode(rawValue: refusal.rawValue)?.status == refusal.status)
        }
    }
}
