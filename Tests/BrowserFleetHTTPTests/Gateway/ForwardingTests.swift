// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetGateway
import Synchronization
import Testing

@testable import BrowserFleetHTTP

@Suite("requests about another server's browsers are sent on")
struct ForwardingTests {
    /// Answers each request with what it is told, and keeps the heads that came.
    private final class Script: Sendable {
        private let heads = Mutex<[String]>([])
        private let answers: [String]

        init(_ answers: String...) { self.answers = answers }

        var seen: [String] { heads.withLock(\.self) }

        func serve(_ connection: RawConnection) async throws {
            while true {
                let head = try await connection.read(upTo: "\r\n\r\n")
                let number = heads.withLock { heads in
                    heads.append(head)
                    return heads.count - 1
                }
                guard number < answers.count else { return }
                try await connection.send(answers[number])
            }
        }
    }

    private static func ok(_ body: String, _ fields: String...) -> String {
        "HTTP/1.1 200 OK\r\n" + fields.map { $0 + "\r\n" }.joined()
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func get(_ path: String, _ fields: String...) -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\n" + fields.map { $0 + "\r\n" }.joined()
            + "\r\n"
    }

    /// Runs `body` with a connection to a gateway in front of a script.
    private func through<Value: Sendable>(
        _ script: Script,
        _ body: @escaping @Sendable (GatewayRig, RawConnection) async throws -> Value
    ) async throws -> Value {
        try await RawListener.with(serving: script.serve) { node in
            try await GatewayRig.with(node: node.port) { rig in
                try await RawConnection.with(port: rig.port) { try await body(rig, $0) }
            }
        }
    }

    @Test("a browser made on a node is seen and deleted through the gateway")
    func real() async throws {
        try await FleetRig.with(name: GatewayRig.node) { node in
            let made = try await node.create()
            try await GatewayRig.with(node: node.port) { rig in
                let path = "/browsers/\(made.id)"
                let seen = try await rig.gateway.call("GET", path, key: node.user)
                #expect(seen.status == 200)
                #expect(try seen.decoded(as: BrowserResponse.self).id == made.id)
                #expect(try await rig.gateway.call("GET", path).status == 401)
                let gone = try await rig.gateway.call("DELETE", path, key: node.user)
                #expect(gone.status == 200)
                #expect(try await rig.gateway.call("GET", path, key: node.user).status == 410)
                #expect(rig.owners.failures == [false, false, false, false])
            }
        }
    }

    @Test("the server hears who asks from the gateway alone, and nothing of the connection")
    func fields() async throws {
        let script = Script(Self.ok("{}", "Connection: x-hop", "X-Hop: 1", "Keep-Alive: timeout=5"))
        let answer = try await through(script) { _, client in
            try await client.send(
                Self.get(
                    GatewayRig.browser + "?a=%20b", "X-Forwarded-For: 9.9.9.9",
                    "x-FLEET-Signature: forged", "X-Fleet-No-Wait: 1", "Forwarded: for=1.1.1.1",
                    "Connection: keep-alive, X-Secret", "X-Secret: 1", "Keep-Alive: 3",
                    "Proxy-Connection: keep-alive", "TE: trailers", "X-API-Key: key",
                    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                    "X-Request-Id: call-1", "Expect: 100-continue"))
            return try await client.readAnswer()
        }
        let lines = try #require(script.seen.first).split(separator: "\r\n").map { $0.lowercased() }
        #expect(lines.first == "get \(GatewayRig.browser)?a=%20b http/1.1")
        let host = lines.first { $0.hasPrefix("host: ") }
        #expect(host?.hasPrefix("host: 127.0.0.1:") == true)
        #expect(
            Set(lines.dropFirst()).subtracting([host ?? ""]) == [
                "x-api-key: key", "x-request-id: call-1", "x-forwarded-for: 127.0.0.1",
                "x-forwarded-host: localhost", "x-forwarded-proto: http",
                "x-fleet-signature: good",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ])
        #expect(answer.body == "{}")
        #expect(answer.headers.map(\.name) == ["content-length"])
    }

    @Test("who came to a trusted proxy by TLS is passed on as one who did")
    func secure() async throws {
        let heads = AsyncStream<String>.makeStream()
        let node: @Sendable (RawConnection) async throws -> Void = { connection in
            heads.continuation.yield(try await connection.read(upTo: "\r\n\r\n"))
            try await connection.send(Self.ok("{}"))
        }
        try await RawListener.with(serving: node) { node in
            try await GatewayRig.with(
                node: node.port,
                configure: {
                    $0.trustedProxies = TrustedProxies([IPNetwork(only: .v4(0x7f00_0001))])
                }
            ) { rig in
                try await RawConnection.with(port: rig.port) { client in
                    try await client.send(
                        Self.get(GatewayRig.browser, "X-Forwarded-Proto: https"))
                    _ = try await client.readAnswer()
                }
                let head = await heads.stream.first { _ in true }
                #expect(head?.lowercased().contains("x-forwarded-proto: https") == true)
            }
        }
    }

    @Test("answers keep the order of the requests, whoever gives them")
    func order() async throws {
        let script = Script(Self.ok("one"), Self.ok("two"), Self.ok("three"))
        try await through(script) { rig, client in
            let local = Self.get("/health/live")
            let remote = Self.get(GatewayRig.browser)
            try await client.send(local + remote + local + local + remote + remote + local)
            var statuses: [Int] = []
            var bodies: [String] = []
            for _ in 0..<7 {
                let answer = try await client.readAnswer()
                statuses.append(answer.status)
                if !answer.body.isEmpty { bodies.append(answer.body) }
            }
            #expect(statuses == [204, 200, 204, 204, 200, 200, 204])
            #expect(bodies == ["one", "two", "three"])
        }
    }

    @Test("a client that closes its side behind its requests gets all answers, then the end")
    func halfClosed() async throws {
        try await through(Script(Self.ok("one"), Self.ok("two"))) { _, client in
            try await client.send(
                Self.get(GatewayRig.browser) + Self.get("/health/live")
                    + Self.get(GatewayRig.browser))
            client.finish()
            let received = try await client.readToEnd()
            let statuses = received.matches(of: /HTTP\/1\.1 (\d+)/).map(\.1)
            #expect(statuses == ["200", "204", "200"])
            #expect(received.hasSuffix("two"))
        }
    }

    @Test("a body is framed for the server as the client framed it")
    func bodies() async throws {
        let bodies = Mutex<[String]>([])
        let serve: @Sendable (RawConnection) async throws -> Void = { connection in
            for end in ["defg", "0\r\nX-Trailer: 1\r\n\r\n"] {
                _ = try await connection.read(upTo: "\r\n\r\n")
                let body = try await connection.read(upTo: end)
                bodies.withLock { $0.append(body) }
                try await connection.send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n0\r\n\r\n")
            }
        }
        try await RawListener.with(serving: serve) { node in
            try await GatewayRig.with(node: node.port) { rig in
                try await RawConnection.with(port: rig.port) { client in
                    let head = "POST \(GatewayRig.browser)/tokens HTTP/1.1\r\nHost: localhost\r\n"
                    try await client.send(head + "Content-Length: 7\r\n\r\nabc")
                    try await client.send("defg")
                    #expect(try await client.read(upTo: "0\r\n\r\n").contains("3\r\nabc\r\n"))
                    try await client.send(
                        head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
                            + "0\r\nX-Trailer: 1\r\nX-Fleet-Trailer: 2\r\n\r\n")
                    #expect(try await client.read(upTo: "0\r\n\r\n").contains("3\r\nabc\r\n"))
                }
            }
        }
        #expect(bodies.withLock(\.self).count == 2)
        #expect(bodies.withLock(\.first) == "abcdefg")
    }

    // Nobody listens at it, and no other test gets it, as it may a port that was free before.
    private static let nobodysPort = 1

    @Test("where nothing listens the answer is 502, and the connection ends")
    func unreachable() async throws {
        try await GatewayRig.with(node: Self.nobodysPort) { rig in
            let answer = try await rig.gateway.call("GET", GatewayRig.browser)
            #expect(try answer.problem().code == .ownerUnreachable)
            #expect(answer.status == 502)
            #expect(answer["connection"] == "close")
            #expect(answer["x-request-id"] != nil)
            #expect(rig.owners.failures == [true])
        }
    }

    @Test("a server that is declared lost while it is dialled is lost, not unreachable")
    func lostWhileDialled() async throws {
        try await GatewayRig.with(node: Self.nobodysPort) { rig in
            rig.owners.loseWhatFails()
            let answer = try await rig.gateway.call("GET", GatewayRig.browser)
            #expect(try answer.problem().code == .serverLost)
            #expect(answer.status == 410)
        }
    }

    @Test("what becomes of requests is counted from the first on")
    func counted() async throws {
        let name = "browserfleet_forwarded_requests_total"
        try await through(Script(Self.ok("one"), Self.ok("two"))) { rig, client in
            #expect(rig.metrics.counts(of: name, by: "outcome").count == 6)
            for _ in 0..<2 {
                try await client.send(Self.get(GatewayRig.browser))
                _ = try await client.readAnswer()
            }
            try await client.send(Self.get(GatewayRig.browser))
            #expect(try await client.readAnswer().status == 502)
            let counts = rig.metrics.counts(of: name, by: "outcome").filter { $0.value > 0 }
            #expect(counts == ["answered": 2, "owner-unreachable": 1])
            #expect(rig.metrics.recentValues(of: "browserfleet_forward_dial_seconds").count > 0)
        }
    }

    @Test("a server that closes without an answer is unreachable; one that breaks off is cut off")
    func broken() async throws {
        try await through(Script()) { rig, client in
            try await client.send(Self.get(GatewayRig.browser))
            let answer = try await client.readAnswer()
            #expect(answer.status == 502)
            #expect(rig.owners.failures == [true])
        }
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
        let breaking: @Sendable (RawConnection) async throws -> Void = { connection in
            _ = try await connection.read(upTo: "\r\n\r\n")
            try await connection.send(half)
        }
        try await RawListener.with(serving: breaking) { node in
            try await GatewayRig.with(node: node.port) { rig in
                try await RawConnection.with(port: rig.port) { client in
                    try await client.send(Self.get(GatewayRig.browser))
                    #expect(try await client.readToEnd().hasSuffix("abc"))
                }
            }
        }
    }

    @Test("a server that says nothing for too long is unreachable")
    func late() async throws {
        let silent: @Sendable (RawConnection) async throws -> Void = { connection in
            while try await connection.more() {}
        }
        try await RawListener.with(serving: silent) { node in
            try await GatewayRig.with(
                node: node.port,
                times: {
                    $0.answerTimeout = .milliseconds(50)
                    $0.tick = .milliseconds(10)
                }
            ) { rig in
                let answer = try await rig.gateway.call("GET", GatewayRig.browser)
                #expect(try answer.problem().code == .ownerUnreachable)
            }
        }
    }

    @Test("a kept connection that the server closed is replaced, unless the call might act twice")
    func stale() async throws {
        let connections = Mutex(0)
        // Answers one request on each connection and closes when the next one has come.
        let serve: @Sendable (RawConnection) async throws -> Void = { connection in
            connections.withLock { $0 += 1 }
            _ = try await connection.read(upTo: "\r\n\r\n")
            try await connection.send(Self.ok("ok"))
            _ = try await connection.more()
        }
        try await RawListener.with(serving: serve) { node in
            try await GatewayRig.with(node: node.port) { rig in
                // One connection, so one event loop: each keeps connections of its own.
                try await RawConnection.with(port: rig.port) { client in
                    for _ in 0..<2 {
                        try await client.send(Self.get(GatewayRig.browser))
                        #expect(try await client.readAnswer().status == 200)
                    }
                    #expect(connections.withLock(\.self) == 2)
                    try await client.send(
                        "POST \(GatewayRig.browser)/tokens HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Length: 2\r\n\r\n{}")
                    #expect(try await client.readAnswer().status == 502)
                }
            }
        }
    }

    @Test("a host that is not ours, and what a gateway sent, is never sent on")
    func refused() async throws {
        let script = Script(Self.ok("{}"))
        try await through(script) { rig, client in
            try await client.send(
                "GET \(GatewayRig.browser) HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            #expect(try await client.readAnswer().status == 421)
            try await client.send(
                Self.get(
                    GatewayRig.browser, "X-Fleet-Signature: good",
                    "X-API-Key: \(rig.gateway.user)"))
            #expect(try await client.readAnswer().problem().code == .wrongServer)
            #expect(script.seen.isEmpty)
        }
    }

    @Test(
        "connections of a gateway carry many clients and do not count for its address",
        arguments: [(5, "good", 204), (2, "forged", 429)])
    func connectionsOfGateways(count: Int, signature: String, status: Int) async throws {
        try await GatewayRig.with(
            node: 1, configure: { $0.maxConnectionsPerAddress = 2 }
        ) { rig in
            let field = "X-Fleet-Signature: \(signature)"
            try await self.connect(count, to: rig.port, sending: field) {
                let plain = try await rig.gateway.call("GET", "/health/live")
                #expect(plain.status == status)
            }
        }
    }

    /// Opens connections that each get an answer and stay while `body` runs.
    private func connect(
        _ count: Int, to port: Int, sending field: String,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body() }
        try await RawConnection.with(port: port) { connection in
            try await connection.send(Self.get("/health/live", field))
            #expect(try await connection.readAnswer().status == 204)
            try await self.connect(count - 1, to: port, sending: field, body)
        }
    }

    @Test("a lost server is waited for no longer")
    func lost() async throws {
        let asked = AsyncStream<Void>.makeStream()
        let silent: @Sendable (RawConnection) async throws -> Void = { connection in
            while try await connection.more() { asked.continuation.yield() }
        }
        try await RawListener.with(serving: silent) { node in
            try await GatewayRig.with(node: node.port) { rig in
                async let answer = rig.gateway.call("GET", GatewayRig.browser)
                _ = await asked.stream.first { _ in true }
                rig.owners.lose(GatewayRig.node)
                let problem = try await answer.problem()
                #expect(problem.code == .serverLost)
                #expect(problem.status == 410)
            }
        }
    }

    @Test("a silent server is waited for no longer, and only briefly by those who come then")
    func silent() async throws {
        let asked = AsyncStream<Void>.makeStream()
        let silent: @Sendable (RawConnection) async throws -> Void = { connection in
            while try await connection.more() { asked.continuation.yield() }
        }
        try await RawListener.with(serving: silent) { node in
            try await GatewayRig.with(
                node: node.port,
                times: {
                    $0.dialTimeout = .seconds(1)
                    $0.tick = .milliseconds(10)
                }
            ) { rig in
                async let answer = rig.gateway.call("GET", GatewayRig.browser)
                _ = await asked.stream.first { _ in true }
                rig.owners.silence(GatewayRig.node)
                #expect(try await answer.problem().code == .ownerUnreachable)
                let later = try await rig.gateway.call("GET", GatewayRig.browser)
                #expect(try later.problem().code == .ownerUnreachable)
            }
        }
    }
}
