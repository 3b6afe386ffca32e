// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Testing

@testable import BrowserFleetEgress

@Suite(.timeLimit(.minutes(1))) struct RelayUpstreamTests {
    private static let authorization = "Basic czNjcmV0dXNlcjpzM2NyZXRwYXNz"

    private func upstream(_ proxy: Outside, scheme: String = "http") throws -> UpstreamProxy {
        try UpstreamProxy(url: "\(scheme)://s3cretuser:s3cretpass@127.0.0.1:\(proxy.port)")
    }

    @Test(
        "CONNECT goes through the proxy by name, with the credentials, and the counters are exact")
    func tunnel() async throws {
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy),
            resolver: ControllableResolver(["site.example": "93.184.216.34"]))
        async let opened = relay.tunnel(to: "site.example:443")
        let server = try await proxy.accept()
        let head = try await server.read(through: "\r\n\r\n")
        #expect(
            head == "CONNECT site.example:443 HTTP/1.1\r\nHost: site.example:443\r\n"
                + "Proxy-Authorization: \(Self.authorization)\r\n\r\n")
        let answer = "HTTP/1.1 200 OK\r\nX-Proxy: y\r\n\r\nfirst"
        try await server.write(answer)
        let (client, status) = try await opened
        #expect(status == "HTTP/1.1 200 Connection established\r\n\r\n")
        #expect(try await client.read(count: 5) == "first")
        try await client.write("second")
        #expect(try await server.read(count: 6) == "second")
        await relay.relay.stop()
        #expect(relay.relay.traffic.bytesSent == UInt64(head.utf8.count + 6))
        #expect(relay.relay.traffic.bytesReceived == UInt64(answer.utf8.count))
        await proxy.stop()
    }

    @Test("plain HTTP goes to the proxy in absolute form, over one connection for one site")
    func plain() async throws {
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy),
            resolver: ControllableResolver(["site.example": "93.184.216.34"]))
        let client = try await relay.connect()
        let request = "GET http://site.example/a HTTP/1.1\r\nHost: x\r\n\r\n"
        try await client.write(request)
        let server = try await proxy.accept()
        for _ in 0..<2 {
            #expect(
                try await server.read(through: "\r\n\r\n")
                    == "GET http://site.example/a HTTP/1.1\r\nHost: site.example\r\n"
                    + "Proxy-Authorization: \(Self.authorization)\r\n\r\n")
            try await server.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
            _ = try await client.read(through: "\r\n\r\n1")
            try await client.write(request)
        }
        await relay.relay.stop()
        await proxy.stop()
    }

    @Test("an https proxy is spoken to in TLS, tunnel and plain HTTP", arguments: [true, false])
    func tls(isTunnel: Bool) async throws {
        let certificate = try TestCertificate()
        defer { certificate.remove() }
        let proxy = try await Outside.start(tls: certificate.serverContext)
        let resolver = ControllableResolver([
            "proxy.example": "127.0.0.1", "site.example": "93.184.216.34",
        ])
        let relay = try await TestRelay.start(
            allow: proxy.rule,
            upstream: try UpstreamProxy(url: "https://u:p@proxy.example:\(proxy.port)"),
            trust: .file(path: certificate.path), resolver: resolver)
        let client = try await relay.connect()
        let word = isTunnel ? "CONNECT site.example:443" : "GET http://site.example/"
        try await client.write("\(word) HTTP/1.1\r\nHost: x\r\n\r\n")
        let server = try await proxy.accept()
        #expect(try await server.read(through: "\r\n\r\n").contains("Proxy-Authorization: Basic"))
        try await server.write("HTTP/1.1 200 OK\r\n")
        try await server.write(isTunnel ? "\r\nbody" : "Content-Length: 4\r\n\r\nbody")
        #expect(try await client.read(through: "\r\n\r\nbody").hasPrefix("HTTP/1.1 200 "))
        if isTunnel {
            try await client.write("over TLS")
            #expect(try await server.read(count: 8) == "over TLS")
            try await client.closeOutput()
            #expect(await server.readToEnd() == "")
        }
        await relay.relay.stop()
        #expect(relay.relay.traffic.bytesReceived > 500, "counted as on the wire, TLS and all")
        await proxy.stop()
    }

    @Test("an https proxy whose certificate nobody vouches for is not spoken to")
    func untrusted() async throws {
        let certificate = try TestCertificate()
        defer { certificate.remove() }
        let proxy = try await Outside.start(tls: certificate.serverContext)
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy, scheme: "https"),
            names: .leaveToProxy)
        let (_, head) = try await relay.tunnel(to: "site.example:443")
        #expect(head.hasPrefix("HTTP/1.1 502 "))
        #expect(try await relay.get("http://site.example/").hasPrefix("HTTP/1.1 502 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.proxyUnreachable: 2])
        await proxy.stop()
    }

    @Test(
        "the proxy's challenge never reaches the browser, which gets a 407 of ours and the reason",
        arguments: [true, false])
    func wrongPassword(isTunnel: Bool) async throws {
        let recorder = LogRecorder()
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy), names: .leaveToProxy,
            logger: Logger(label: "test", factory: { _ in recorder }))
        let client = try await relay.connect()
        let word = isTunnel ? "CONNECT site.example:443" : "GET http://site.example/"
        try await client.write("\(word) HTTP/1.1\r\nHost: x\r\n\r\n")
        let server = try await proxy.accept()
        _ = try await server.read(through: "\r\n\r\n")
        try await server.write(
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n"
                + "Proxy-Authenticate: Basic realm=x\r\n\r\n")
        let answer = await client.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 407 "))
        #expect(answer.contains("proxy-authentication-failed"))
        #expect(!answer.contains("Proxy-Authenticate"))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.proxyAuthenticationFailed: 1])
        let logged = recorder.lines.all.joined()
        #expect(!logged.isEmpty && !logged.contains("s3cret") && !logged.contains("czNjcmV0"))
        #expect(!answer.contains("s3cret"))
        await proxy.stop()
    }

    @Test(
        "a proxy that refuses, breaks off or speaks nonsense is a 502",
        arguments: [
            ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", EgressFailure.proxyRefused),
            (
                "HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n",
                .proxyRefused
            ),
            ("nonsense\r\n\r\n", .proxyRefused), ("", .proxyUnreachable),
            ("HTTP/1.1 2", .proxyUnreachable),
        ])
    func brokenProxy(answer: String, failure: EgressFailure) async throws {
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy), names: .leaveToProxy)
        async let opened = relay.tunnel(to: "site.example:443")
        let server = try await proxy.accept()
        _ = try await server.read(through: "\r\n\r\n")
        try await server.write(answer)
        if failure == .proxyUnreachable { await server.close() }
        #expect(try await opened.1.hasPrefix("HTTP/1.1 502 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [failure: 1])
        await proxy.stop()
    }

    @Test("an https proxy that never answers in TLS is given up at the deadline")
    func silentTLS() async throws {
        var limits = EgressLimits()
        limits.openDeadline = .milliseconds(100)
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy, scheme: "https"),
            names: .leaveToProxy, limits: limits)
        #expect(try await relay.get("http://site.example/").hasPrefix("HTTP/1.1 504 "))
        #expect(try await relay.tunnel(to: "site.example:443").1.hasPrefix("HTTP/1.1 504 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.timeout: 2])
        await proxy.stop()
    }

    @Test("a proxy that never answers is given up at the deadline")
    func silentProxy() async throws {
        var limits = EgressLimits()
        limits.openDeadline = .milliseconds(100)
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy), names: .leaveToProxy, limits: limits)
        let (_, head) = try await relay.tunnel(to: "site.example:443")
        #expect(head.hasPrefix("HTTP/1.1 504 "))
        let server = try await proxy.accept()
        _ = try await server.read(through: "\r\n\r\n")
        #expect(await server.readToEnd() == "")
        await relay.relay.stop()
        await proxy.stop()
    }

    @Test("a proxy at a private address needs the operator's rule")
    func privateProxy() async throws {
        let proxy = try await Outside.start()
        let relay = try await TestRelay.start(
            upstream: try upstream(proxy), names: .leaveToProxy)
        let (_, head) = try await relay.tunnel(to: "site.example:443")
        #expect(head.hasPrefix("HTTP/1.1 403 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.refused == [.loopback: 1])
        await proxy.stop()
    }

    @Test(
        "a private target is not asked of a proxy, by address, by name, or by what the name means here",
        arguments: [
            ("10.0.0.1:443", EgressRefusal.private), ("[::1]:443", .loopback),
            ("localhost:443", .loopback), ("2130706433:443", .target),
            ("metadata.google.internal:80", .metadata), ("inside.example:443", .private),
            ("half.example:443", .private), ("site.example:25", .port),
        ])
    func privateTarget(authority: String, refusal: EgressRefusal) async throws {
        let proxy = try await Outside.start()
        let resolver = ControllableResolver([
            "inside.example": [.addresses(["10.0.0.1"])],
            "half.example": [.addresses(["93.184.216.34", "10.0.0.1"])],
        ])
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy), resolver: resolver)
        let (_, head) = try await relay.tunnel(to: authority)
        #expect(head.hasPrefix(refusal == .target ? "HTTP/1.1 400 " : "HTTP/1.1 403 "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.refused == [refusal: 1])
        #expect(relay.relay.traffic.bytesSent == 0)
        await proxy.stop()
    }

    @Test("a name unknown here is left to the proxy")
    func unknownName() async throws {
        let proxy = try await Outside.start()
        let resolver = ControllableResolver(["gone.example": [.failure(.notFound)]])
        let relay = try await TestRelay.start(
            allow: proxy.rule, upstream: try upstream(proxy), resolver: resolver)
        async let opened = relay.tunnel(to: "gone.example:443")
        let server = try await proxy.accept()
        #expect(try await server.read(through: "\r\n\r\n").hasPrefix("CONNECT gone.example:443 "))
        try await server.write("HTTP/1.1 200 OK\r\n\r\n")
        #expect(try await opened.1.hasPrefix("HTTP/1.1 200 "))
        #expect(resolver.asked == ["gone.example"])
        await relay.relay.stop()
        await proxy.stop()
    }

    @Test("a name that could not be looked up in time or in turn is not left to the proxy")
    func unjudgedName() async throws {
        let proxy = try await Outside.start()
        let silent = SilentResolver()
        var limits = EgressLimits()
        limits.lookupDeadline = .milliseconds(50)
        var bounds = LookupTurns.Bounds()
        bounds.waiting = 0
        let upstream = try upstream(proxy)
        let slow = try await TestRelay.start(
            allow: proxy.rule, upstream: upstream, limits: limits, resolver: silent)
        #expect(try await slow.tunnel(to: "site.example:443").1.hasPrefix("HTTP/1.1 504 "))
        let crowded = try await TestRelay.start(
            allow: proxy.rule, upstream: upstream,
            lookups: NameLookups(resolver: silent, bounds: bounds))
        #expect(try await crowded.tunnel(to: "site.example:443").1.hasPrefix("HTTP/1.1 502 "))
        silent.release()
        await slow.relay.stop()
        await crowded.relay.stop()
        #expect(slow.relay.traffic.bytesSent == 0 && crowded.relay.traffic.bytesSent == 0)
        #expect(crowded.relay.traffic.failed == [.tooManyLookups: 1])
        await proxy.stop()
    }

    @Test("what is bypassed goes direct, and under the full policy")
    func bypass() async throws {
        let proxy = try await Outside.start()
        let outside = try await Outside.start()
        let upstream = try UpstreamProxy(
            server: proxy.rule, bypass: "127.0.0.1, *.inside.example")
        let resolver = ControllableResolver(["a.inside.example": "10.0.0.1"])
        let relay = try await TestRelay.start(
            allow: outside.rule, upstream: upstream, resolver: resolver)
        let (_, direct) = try await relay.tunnel(to: outside.rule)
        #expect(direct.hasPrefix("HTTP/1.1 200 "))
        _ = try await outside.accept()
        let (_, refused) = try await relay.tunnel(to: "a.inside.example:443")
        #expect(refused.hasPrefix("HTTP/1.1 403 "))
        await relay.relay.stop()
        await proxy.stop()
        await outside.stop()
    }
}
