// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import Testing

@testable import BrowserFleetEgress

@Suite(.timeLimit(.minutes(1))) struct RelayLifecycleTests {
    @Test("stop closes tunnels, exchanges, waiting connections and the door")
    func stop() async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        let (tunnel, _) = try await relay.tunnel(to: outside.rule)
        let tunnelEnd = try await outside.accept()
        let exchange = try await relay.connect()
        try await exchange.write("GET http://\(outside.rule)/ HTTP/1.1\r\nHost: x\r\n\r\n")
        let exchangeEnd = try await outside.accept()
        _ = try await exchangeEnd.read(through: "\r\n\r\n")
        let waiting = try await relay.connect()
        await relay.relay.stop()
        #expect(relay.relay.traffic.activeConnections == 0)
        for peer in [tunnel, tunnelEnd, exchange, exchangeEnd, waiting] {
            #expect(await peer.readToEnd() == "")
        }
        await #expect(throws: (any Error).self) { try await relay.connect() }
        await relay.relay.stop()
        await outside.stop()
    }

    @Test("stop does not wait for a look-up that never ends")
    func stopWhileResolving() async throws {
        let silent = SilentResolver()
        let relay = try await TestRelay.start(resolver: silent)
        let client = try await relay.connect()
        try await client.write("CONNECT silent.example:443 HTTP/1.1\r\n\r\n")
        await relay.relay.stop()
        #expect(await client.readToEnd() == "")
        silent.release()
    }

    @Test("a new route closes what ran on the old one and holds for the next request")
    func update() async throws {
        let old = try await Outside.start()
        let new = try await Outside.start()
        let relay = try await TestRelay.start(allow: old.rule)
        let (tunnel, _) = try await relay.tunnel(to: old.rule)
        let oldEnd = try await old.accept()
        try await relay.relay.update(policy: try EgressPolicy(allowing: new.rule), upstream: nil)
        #expect(await tunnel.readToEnd() == "")
        #expect(await oldEnd.readToEnd() == "")
        #expect(try await relay.tunnel(to: old.rule).1.hasPrefix("HTTP/1.1 403 "))
        #expect(try await relay.tunnel(to: new.rule).1.hasPrefix("HTTP/1.1 200 "))
        await relay.relay.stop()
        await old.stop()
        await new.stop()
    }

    @Test("an upstream given at the lease takes effect at once")
    func updateUpstream() async throws {
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(allow: proxy.rule)
        let policy = try EgressPolicy(allowing: proxy.rule, upstreamNames: .leaveToProxy)
        try await relay.relay.update(
            policy: policy, upstream: try UpstreamProxy(url: "http://\(proxy.rule)"))
        async let opened = relay.tunnel(to: "site.example:443")
        let server = try await proxy.accept()
        #expect(try await server.read(through: "\r\n\r\n").hasPrefix("CONNECT site.example:443 "))
        try await server.write("HTTP/1.1 200 OK\r\n\r\n")
        #expect(try await opened.1.hasPrefix("HTTP/1.1 200 "))
        await relay.relay.stop()
        await proxy.stop()
    }

    @Test(
        "a descriptor that cannot be listened on is an error, and so is a trust file that is not there"
    )
    func badStart() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        await #expect(throws: (any Error).self) {
            _ = try await EgressRelay.start(
                listeningSocket: -1, policy: EgressPolicy(),
                group: .singletonMultiThreadedEventLoopGroup, logger: logger)
        }
        let (descriptor, _) = try TestRelay.listen()
        await #expect(throws: (any Error).self) {
            _ = try await EgressRelay.start(
                listeningSocket: descriptor, policy: EgressPolicy(),
                upstream: try UpstreamProxy(url: "https://proxy.example"),
                group: .singletonMultiThreadedEventLoopGroup, logger: logger,
                trust: .file(path: "/nowhere/certificate.pem"))
        }
    }
}
