// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Testing

@testable import BrowserFleetEgress

@Suite(.timeLimit(.minutes(1))) struct RelayPolicyTests {
    @Test(
        "a private place is refused by CONNECT and by plain HTTP, and nobody is dialled",
        arguments: ["127.0.0.1", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"])
    func refused(host: String) async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start()
        let (client, head) = try await relay.tunnel(to: "\(host):\(outside.port)")
        #expect(head.hasPrefix("HTTP/1.1 403 "))
        #expect(await client.readToEnd().contains("(loopback)"))
        let plain = try await relay.get("http://\(host):\(outside.port)/")
        #expect(plain.hasPrefix("HTTP/1.1 403 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.refused == [.loopback: 2])
        #expect(relay.relay.traffic.bytesSent == 0)
        #expect(relay.relay.traffic.activeConnections == 0)
        await outside.stop()
    }

    @Test("a name that resolves inside is refused by each of its addresses")
    func refusedByName() async throws {
        let resolver = ControllableResolver([
            "one.example": "10.0.0.1", "two.example": "169.254.169.254", "six.example": "fd00::1",
        ])
        let relay = try await TestRelay.start(resolver: resolver)
        #expect(try await relay.get("http://one.example/").contains("(private)"))
        #expect(try await relay.get("http://two.example/").contains("(metadata)"))
        #expect(try await relay.get("http://six.example/").contains("(unique-local)"))
        #expect(resolver.asked == ["one.example", "two.example", "six.example"])
        await relay.relay.stop()
    }

    @Test("only the permitted ones of a name's addresses are dialled")
    func mixedAddresses() async throws {
        let outside = try await Outside.start()
        let resolver = ControllableResolver([
            "mixed.example": [.addresses(["10.0.0.1", "::1", "127.0.0.1", "169.254.169.254"])]
        ])
        let relay = try await TestRelay.start(allow: outside.rule, resolver: resolver)
        let (client, head) = try await relay.tunnel(to: "mixed.example:\(outside.port)")
        #expect(head.hasPrefix("HTTP/1.1 200 "))
        _ = try await outside.accept()
        await client.close()
        await relay.relay.stop()
        await outside.stop()
    }

    @Test("a name that changes its address after the check is dialled where it was checked")
    func rebinding() async throws {
        let outside = try await Outside.start()
        let resolver = ControllableResolver([
            "rebind.example": [.addresses(["127.0.0.1"]), .addresses(["169.254.169.254"])]
        ])
        let relay = try await TestRelay.start(allow: outside.rule, resolver: resolver)
        let (_, first) = try await relay.tunnel(to: "rebind.example:\(outside.port)")
        #expect(first.hasPrefix("HTTP/1.1 200 "))
        #expect(resolver.asked.count == 1, "one look-up, whose answer is the one dialled")
        let (_, second) = try await relay.tunnel(to: "rebind.example:\(outside.port)")
        #expect(second.hasPrefix("HTTP/1.1 403 "))
        #expect(resolver.asked.count == 2)
        await relay.relay.stop()
        #expect(relay.relay.traffic.refused == [.metadata: 1])
        await outside.stop()
    }

    @Test("a name without an address is 502, a resolver without an answer is 504")
    func unresolved() async throws {
        let unknown = try await TestRelay.start(
            resolver: ControllableResolver([String: String]()))
        #expect(try await unknown.get("http://no.example/").hasPrefix("HTTP/1.1 502 "))
        await unknown.relay.stop()
        #expect(unknown.relay.traffic.failed == [.unresolved: 1])

        var limits = EgressLimits()
        limits.lookupDeadline = .milliseconds(20)
        let silent = SilentResolver()
        let relay = try await TestRelay.start(limits: limits, resolver: silent)
        #expect(try await relay.get("http://no.example/").hasPrefix("HTTP/1.1 504 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.timeout: 1])
        silent.release()
    }

    @Test("the log has the reason in one word; the host stays out of it above debug")
    func logging() async throws {
        let recorder = LogRecorder()
        let logger = Logger(label: "test", factory: { _ in recorder })
        let resolver = ControllableResolver(["tenant-secret.example": "10.0.0.1"])
        let relay = try await TestRelay.start(resolver: resolver, logger: logger)
        _ = try await relay.get("http://tenant-secret.example/path-secret")
        await relay.relay.stop()
        let lines = recorder.lines.all
        #expect(lines.contains { $0.hasPrefix("info") && $0.contains("private") })
        #expect(!lines.contains { !$0.hasPrefix("debug") && $0.contains("tenant-secret") })
        #expect(!lines.contains { $0.contains("path-secret") })
    }
}
