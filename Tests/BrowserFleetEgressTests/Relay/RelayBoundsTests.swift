// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import BrowserFleetEgress

@Suite(.timeLimit(.minutes(1))) struct RelayBoundsTests {
    /// Sends `total` bytes and closes.
    private func flood(_ peer: Peer, total: Int) async throws {
        let block = ByteBuffer(repeating: 0x78, count: 1 << 20)
        for _ in 0..<(total >> 20) { try await peer.write(block) }
        try await peer.closeOutput()
    }

    /// Runs so many exchanges through the relay that everything which can move has moved.
    private func settle(_ relay: TestRelay, _ outside: Outside) async throws {
        let (client, _) = try await relay.tunnel(to: outside.rule)
        let server = try await outside.accept()
        var last = relay.relay.traffic.bytesReceived
        var isMoving = true
        while isMoving {
            for _ in 0..<500 {
                try await client.write("p")
                _ = try await server.read(count: 1)
            }
            let now = relay.relay.traffic.bytesReceived
            isMoving = now != last
            last = now
        }
        await client.close()
    }

    @Test("a reader that stops costs no more than the kernel's buffers and the relay's bound")
    func slowReader() async throws {
        let total = 96 << 20
        let outside = try await Outside.start()
        let probe = try await Outside.start()
        let relay = try await TestRelay.start(allow: "\(outside.rule) \(probe.rule)")
        let (client, _) = try await relay.tunnel(to: outside.rule)
        try await client.channel.setOption(.autoRead, value: false).get()
        let server = try await outside.accept()
        async let flooded: Void = flood(server, total: total)
        try await settle(relay, probe)
        let stalled = relay.relay.traffic.bytesReceived
        #expect(stalled < 24 << 20, "\(stalled) bytes were taken for a reader that takes none")
        try await client.startReading()
        try await client.discard(count: total)
        #expect(await client.readToEnd() == "")
        try await flooded
        await relay.relay.stop()
        #expect(relay.relay.traffic.bytesReceived == UInt64(total))
        await outside.stop()
        await probe.stop()
    }

    @Test("a server that stops reading stops the browser's upload, in plain HTTP too")
    func slowServer() async throws {
        let total = 96 << 20
        let outside = try await Outside.start()
        let probe = try await Outside.start()
        let relay = try await TestRelay.start(allow: "\(outside.rule) \(probe.rule)")
        let client = try await relay.connect()
        try await client.write(
            "POST http://\(outside.rule)/ HTTP/1.1\r\nHost: x\r\nContent-Length: \(total)\r\n\r\n")
        let server = try await outside.accept()
        let head = try await server.read(through: "\r\n\r\n")
        try await server.channel.setOption(.autoRead, value: false).get()
        async let sent: Void = {
            let block = ByteBuffer(repeating: 0x78, count: 1 << 20)
            for _ in 0..<(total >> 20) { try await client.write(block) }
        }()
        try await settle(relay, probe)
        let stalled = relay.relay.traffic.bytesSent
        #expect(stalled < 24 << 20, "\(stalled) bytes were taken for a server that takes none")
        try await server.startReading()
        try await server.discard(count: total)
        try await sent
        try await server.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
        _ = try await client.read(through: "\r\n\r\n1")
        await relay.relay.stop()
        #expect(relay.relay.traffic.bytesSent >= UInt64(total + head.utf8.count))
        await outside.stop()
        await probe.stop()
    }

    @Test("one connection more than the bound is closed at once")
    func connections() async throws {
        var limits = EgressLimits()
        limits.connections = 2
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule, limits: limits)
        let (first, _) = try await relay.tunnel(to: outside.rule)
        let (second, _) = try await relay.tunnel(to: outside.rule)
        let surplus = try await relay.connect()
        #expect(await surplus.readToEnd() == "")
        #expect(relay.relay.traffic.activeConnections == 2)
        let server = try await outside.accept()
        await first.close()
        _ = await server.readToEnd()
        await second.close()
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.tooManyConnections: 1])
        await outside.stop()
    }

    @Test("a connection that sends no request ends at its deadline")
    func headDeadline() async throws {
        var limits = EgressLimits()
        limits.requestHeadDeadline = .milliseconds(30)
        let relay = try await TestRelay.start(limits: limits)
        let slow = try await relay.connect()
        try? await slow.write("GET http://")
        #expect(await slow.readToEnd() == "")
        await relay.relay.stop()
    }

    @Test("a tunnel without traffic ends at both ends at its deadline")
    func idleDeadline() async throws {
        var limits = EgressLimits()
        limits.idleDeadline = .milliseconds(500)
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule, limits: limits)
        let (idle, head) = try await relay.tunnel(to: outside.rule)
        #expect(head.hasPrefix("HTTP/1.1 200 "))
        let server = try await outside.accept()
        #expect(await idle.readToEnd() == "")
        #expect(await server.readToEnd() == "")
        await relay.relay.stop()
        await outside.stop()
    }

    @Test("a place that never answers the dial is 504 at the deadline")
    func dialDeadline() async throws {
        let (descriptor, port) = try TestRelay.listen(backlog: 0)
        let filler = try await Peer.connect(port: port)
        var limits = EgressLimits()
        limits.connectDeadline = .milliseconds(100)
        let relay = try await TestRelay.start(allow: "127.0.0.1:\(port)", limits: limits)
        let (_, head) = try await relay.tunnel(to: "127.0.0.1:\(port)")
        #expect(head.hasPrefix("HTTP/1.1 504 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.timeout: 1])
        await filler.close()
        ListeningSocket.close(descriptor)
    }
}
