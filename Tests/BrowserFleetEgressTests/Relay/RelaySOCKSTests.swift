// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetEgress

/// The relay's part of SOCKS; a real SOCKS server speaks with it in Tests/Clients.
@Suite(.timeLimit(.minutes(1))) struct RelaySOCKSTests {
    /// Plays the proxy up to the connection to `site.example`.
    private func playProxy(_ server: Peer, port: UInt8) async throws {
        #expect(try await server.read(count: 4) == "\u{5}\u{2}\u{0}\u{2}")
        try await server.write("\u{5}\u{2}")
        #expect(try await server.read(count: 5) == "\u{1}\u{1}u\u{1}p")
        try await server.write("\u{1}\u{0}")
        let request = try await server.read(count: 19)
        #expect(request == "\u{5}\u{1}\u{0}\u{3}\u{c}site.example\u{0}\(Character(.init(port)))")
        try await server.write("\u{5}\u{0}\u{0}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}")
    }

    private func start(
        _ proxy: Outside, limits: EgressLimits = EgressLimits()
    ) async throws -> TestRelay {
        try await TestRelay.start(
            allow: proxy.rule,
            upstream: try UpstreamProxy(
                server: "socks5://\(proxy.rule)", username: "u", password: "p"),
            names: .leaveToProxy, limits: limits)
    }

    @Test("a tunnel's bytes follow the conversation, in both directions")
    func tunnel() async throws {
        let proxy = try await Outside.start()
        let relay = try await start(proxy)
        async let opened = relay.tunnel(to: "site.example:99")
        let server = try await proxy.accept()
        try await playProxy(server, port: 99)
        try await server.write("first")
        let (client, head) = try await opened
        #expect(head.hasPrefix("HTTP/1.1 200 "))
        #expect(try await client.read(count: 5) == "first")
        try await client.write("second")
        #expect(try await server.read(count: 6) == "second")
        await relay.relay.stop()
        await proxy.stop()
    }

    @Test("plain HTTP behind it is spoken with the target: origin form, no proxy's header")
    func exchange() async throws {
        let proxy = try await Outside.start()
        let relay = try await start(proxy)
        let client = try await relay.connect()
        let request = "GET http://site.example/a HTTP/1.1\r\nHost: x\r\n\r\n"
        try await client.write(request)
        let server = try await proxy.accept()
        try await playProxy(server, port: 80)
        for _ in 0..<2 {
            #expect(
                try await server.read(through: "\r\n\r\n")
                    == "GET /a HTTP/1.1\r\nHost: site.example\r\n\r\n")
            try await server.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
            _ = try await client.read(through: "\r\n\r\n1")
            try await client.write(request)
        }
        await relay.relay.stop()
        await proxy.stop()
    }

    @Test("a wrong password is its own failure, and what is no SOCKS is another")
    func failures() async throws {
        let proxy = try await Outside.start()
        let relay = try await start(proxy)
        async let wrong = relay.get("http://site.example/")
        var server = try await proxy.accept()
        _ = try await server.read(count: 4)
        try await server.write("\u{5}\u{7f}")
        #expect(try await wrong.hasPrefix("HTTP/1.1 502 "))
        async let refused = relay.tunnel(to: "site.example:443")
        server = try await proxy.accept()
        _ = try await server.read(count: 4)
        try await server.write("\u{5}\u{2}")
        _ = try await server.read(count: 5)
        try await server.write("\u{1}\u{1}")
        #expect(try await refused.1.hasPrefix("HTTP/1.1 407 "))
        await relay.relay.stop()
        #expect(
            relay.relay.traffic.failed == [.proxyRefused: 1, .proxyAuthenticationFailed: 1])
        await proxy.stop()
    }

    @Test("a SOCKS proxy that says nothing is given up at the deadline")
    func silent() async throws {
        var limits = EgressLimits()
        limits.openDeadline = .milliseconds(100)
        let proxy = try await Outside.start()
        let relay = try await start(proxy, limits: limits)
        #expect(try await relay.tunnel(to: "site.example:443").1.hasPrefix("HTTP/1.1 504 "))
        #expect(try await relay.get("http://site.example/").hasPrefix("HTTP/1.1 504 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.timeout: 2])
        await proxy.stop()
    }
}
