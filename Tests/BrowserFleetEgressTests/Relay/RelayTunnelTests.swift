// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import BrowserFleetEgress

@Suite(.timeLimit(.minutes(1))) struct RelayTunnelTests {
    @Test("CONNECT carries bytes both ways, and the counters are exact")
    func echo() async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        let (client, head) = try await relay.tunnel(to: outside.rule)
        #expect(head == "HTTP/1.1 200 Connection established\r\n\r\n")
        let server = try await outside.accept()
        try await client.write("hello")
        #expect(try await server.read(count: 5) == "hello")
        try await server.write("world!")
        #expect(try await client.read(count: 6) == "world!")
        #expect(relay.relay.traffic.activeConnections == 1)
        await client.close()
        #expect(await server.readToEnd() == "")
        await server.close()
        await relay.relay.stop()
        let traffic = relay.relay.traffic
        #expect(traffic.bytesSent == 5)
        #expect(traffic.bytesReceived == 6)
        #expect(traffic.connections == 1)
        #expect(traffic.activeConnections == 0)
        #expect(traffic.refused.isEmpty && traffic.failed.isEmpty)
        await outside.stop()
    }

    @Test("bytes sent along with CONNECT reach the server first and in order")
    func earlyBytes() async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        let client = try await relay.connect()
        try await client.write("CONNECT \(outside.rule) HTTP/1.1\r\nHost: x\r\n\r\nearly")
        let server = try await outside.accept()
        #expect(try await server.read(count: 5) == "early")
        try await client.write(" late")
        #expect(try await server.read(count: 5) == " late")
        await relay.relay.stop()
        await outside.stop()
    }

    @Test("a server that speaks first is heard")
    func serverFirst() async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        async let opened = relay.tunnel(to: outside.rule)
        let server = try await outside.accept()
        try await server.write("220 ready\r\n")
        let (client, _) = try await opened
        #expect(try await client.read(count: 11) == "220 ready\r\n")
        await relay.relay.stop()
        await outside.stop()
    }

    @Test("each direction ends by itself, and nothing written before is lost")
    func halfClose() async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        let (client, _) = try await relay.tunnel(to: outside.rule)
        let server = try await outside.accept()
        let request = String(repeating: "q", count: 300_000)
        let answer = String(repeating: "a", count: 3_000_000)
        async let written: Void = client.write(request)
        #expect(try await server.read(count: request.utf8.count) == request)
        try await written
        try await client.closeOutput()
        #expect(await server.readToEnd() == "")
        async let answered: Void = server.write(answer)
        #expect(try await client.read(count: answer.utf8.count) == answer)
        try await answered
        try await server.closeOutput()
        #expect(await client.readToEnd() == "")
        try await client.channel.closeFuture.get()
        await relay.relay.stop()
        #expect(relay.relay.traffic.bytesReceived == 3_000_000)
        #expect(relay.relay.traffic.bytesSent == 300_000)
        await outside.stop()
    }

    @Test("a large answer written and closed at once arrives whole")
    func closeAfterWrite() async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        let (client, _) = try await relay.tunnel(to: outside.rule)
        let server = try await outside.accept()
        try await client.closeOutput()
        #expect(await server.readToEnd() == "")
        try await server.write(String(repeating: "z", count: 2_000_000))
        await server.close()
        #expect(await client.readToEnd().utf8.count == 2_000_000)
        await relay.relay.stop()
        await outside.stop()
    }

    @Test("a place that refuses the connection is answered 502, and counted")
    func unreachable() async throws {
        let (descriptor, port) = try TestRelay.listen(backlog: nil)
        let relay = try await TestRelay.start(allow: "127.0.0.1:\(port)")
        let (client, head) = try await relay.tunnel(to: "127.0.0.1:\(port)")
        #expect(head.hasPrefix("HTTP/1.1 502 "))
        #expect(await client.readToEnd().contains("unreachable"))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.unreachable: 1])
        ListeningSocket.close(descriptor)
    }
}
