// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import Hummingbird
import InMemoryLogging
import Logging
import Synchronization
import Testing
import Tracing

@testable import BrowserFleetHTTP

@Suite("calls have an ID, a trace and an audit line")
struct AuditTests {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    /// The process has one tracer; `fleetctl` sets the same.
    private static let tracing: Void = InstrumentationSystem.bootstrap(FleetTracer())

    /// A log, and a logger that writes it.
    private static func recorder() -> (InMemoryLogHandler, Logger) {
        _ = tracing
        let log = InMemoryLogHandler()
        return (log, Logger(label: "test") { _ in log })
    }

    private static func audited(_ log: InMemoryLogHandler) -> [Logger.Metadata] {
        log.entries.map(\.metadata).filter { $0["audit"] != nil }
    }

    @Test(
        "a sane ID of the client's is kept, any other is replaced",
        arguments: [
            ("abc-1.2_3", true), (String(repeating: "a", count: 128), true),
            (String(repeating: "a", count: 129), false), ("a b", false), ("a\"b", false),
            ("ü", false), ("", false),
        ])
    func identity(_ offered: String, _ isKept: Bool) {
        let headers: HTTPFields = [.requestID: offered]
        #expect((CallIdentity(headers).text == offered) == isKept)
        #expect(CallIdentity(headers).text.utf8.count >= 9)
    }

    @Test("every answer names its call, a problem in its body too")
    func requestIDs() async throws {
        try await FleetRig.with { rig in
            let mine = try await rig.call(
                "GET", "/limits", key: rig.user, headers: ["X-Request-Id: mine-1"])
            #expect(mine.status == 200 && mine["x-request-id"] == "mine-1")
            let (first, second) = (
                try await rig.call("GET", "/health/live"), try await rig.call("GET", "/health/live")
            )
            #expect(first["x-request-id"] != nil)
            #expect(first["x-request-id"] != second["x-request-id"])
            let missing = try await rig.call("GET", "/nowhere?token=secret")
            let id = try #require(missing["x-request-id"])
            #expect(try missing.problem().instance == "/nowhere#\(id)")
            let malformed = try await rig.raw("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            let other = try #require(malformed["x-request-id"])
            #expect(try malformed.problem().instance == "#\(other)")
            try await RawConnection.with(port: rig.port) { connection in
                let refused = try await SocketClient.handshake(
                    connection, port: rig.port, path: "/connect", headers: ["X-Request-Id: s-1"])
                #expect(refused.status == 401 && refused["x-request-id"] == "s-1")
                #expect(try refused.problem().instance == "/connect#s-1")
            }
        }
    }

    @Test("a trace is taken in, seen by an embedder's route, and named in the answer")
    func traces() async throws {
        _ = Self.tracing
        let router = Router()
        router.get("/trace") { _, _ in
            let context = ServiceContext.current
            return "\(context?.traceContext?.traceID ?? "") \(context?.requestID ?? "")"
        }
        try await FleetRig.with(routes: router.buildResponder()) { rig in
            let answer = try await rig.call(
                "GET", "/trace",
                headers: ["traceparent: \(Self.parent)", "tracestate: a=1", "X-Request-Id: r-1"])
            #expect(answer.body == "0af7651916cd43dd8448eb211c80319c r-1")
            let response = try #require(
                answer["traceresponse"].flatMap { TraceContext(traceparent: $0) })
            #expect(response.traceID == "0af7651916cd43dd8448eb211c80319c")
            #expect(response.spanID != "b7ad6b7169203331")
            #expect(answer["tracestate"] == nil)
        }
    }

    @Test("create, token, connect, disconnect and delete each leave a line that says who and what")
    func lines() async throws {
        let (log, logger) = Self.recorder()
        try await FleetRig.with(logger: logger) { rig in
            let made = try await rig.create()
            _ = try await rig.call("POST", "/browsers/\(made.id)/tokens", key: rig.user)
            try await SocketClient.with(
                port: rig.port, path: "/browsers/\(made.id)",
                headers: ["X-API-Key: \(rig.user)", "X-Request-Id: socket-1"]
            ) { _ in }
            try await rig.wait(while: { Self.audited(log).count < 4 })
            _ = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            _ = try await rig.call("GET", "/browsers", key: rig.user)
            let lines = Self.audited(log)
            #expect(
                lines.map { $0["audit"] } == ["create", "token", "connect", "disconnect", "delete"])
            for line in lines {
                #expect(line["outcome"] == "ok" && line["key"] == "user")
                #expect(line["owner"] == "\(rig.ring.key(for: rig.user)?.id ?? "")")
                #expect(line["browserId"] == "\(made.id)" && line["address"] == "127.0.0.1")
                #expect(line["requestId"] != nil)
            }
            #expect(lines[0]["status"] == "201" && lines[2]["status"] == "101")
            #expect(lines[2]["requestId"] == "socket-1" && lines[3]["requestId"] == "socket-1")
            #expect(lines[3]["durationMs"] != nil)
            #expect(lines[4]["route"] == "DELETE /browsers/{id}")
        }
    }

    @Test("a /connect that makes no browser is a create that failed, not a connect")
    func connectLines() async throws {
        let (log, logger) = Self.recorder()
        try await FleetRig.with(logger: logger) { rig in
            for query in ["token=wrong", "token=\(rig.user)&colour=red"] {
                _ = try await RawConnection.with(port: rig.port) { connection in
                    try await SocketClient.handshake(
                        connection, port: rig.port, path: "/connect?\(query)")
                }
            }
            try await SocketClient.with(
                port: rig.port, path: "/connect", headers: ["X-API-Key: \(rig.user)"]
            ) { _ in }
            let lines = Self.audited(log).prefix(4)
            #expect(lines.map { $0["audit"] } == ["create", "create", "create", "connect"])
            #expect(
                lines.map { $0["outcome"] } == ["invalid-key", "unknown-field", "ok", "ok"])
        }
    }

    @Test("a search for a page names no browser that does not have it")
    func pageLines() async throws {
        let (log, logger) = Self.recorder()
        try await FleetRig.with(logger: logger) { rig in
            for _ in 0..<2 { _ = try await rig.create() }
            _ = try await RawConnection.with(port: rig.port) { connection in
                try await SocketClient.handshake(
                    connection, port: rig.port,
                    path: "/devtools/page/0123456789ABCDEF0123456789ABCDEF",
                    headers: ["X-API-Key: \(rig.user)"])
            }
            let line = try #require(Self.audited(log).last)
            #expect(line["audit"] == "connect" && line["outcome"] == "no-such-page")
            #expect(line["key"] == "user" && line["browserId"] == nil)
        }
    }

    @Test("refused calls leave a line with the word of the problem, and never a secret")
    func refusals() async throws {
        let (log, logger) = Self.recorder()
        try await FleetRig.with(logger: logger) { rig in
            let made = try await rig.create()
            let secret = "bf_0123456789012345678901234567890123456789012"
            _ = try await rig.call("GET", "/browsers", key: secret)
            _ = try await rig.call("GET", "/metrics", key: rig.user)
            _ = try await rig.call("GET", "/browsers/\(made.id)?token=\(secret)")
            _ = try await rig.raw(
                "GET /limits HTTP/1.1\r\nHost: evil.example\r\nX-API-Key: \(rig.user)\r\n\r\n")
            _ = try await rig.call("POST", "/browsers", key: rig.user, body: #"{"what":1}"#)
            let lines = Self.audited(log).dropFirst()
            #expect(
                lines.map { $0["outcome"] } == [
                    "invalid-key", "forbidden", "unauthenticated", "host-not-allowed",
                    "unknown-field",
                ])
            #expect(lines.map { $0["audit"] } == ["call", "call", "call", "call", "create"])
            #expect(lines.dropFirst().first?["key"] == "user")
            let everything = "\(log.entries)"
            for word in [secret, rig.admin, rig.user, "token="] {
                #expect(!everything.contains(word))
            }
        }
    }

    @Test("with a store every line is an entry of the fleet's audit too")
    func stored() async throws {
        let sink = Sink()
        try await FleetRig.with(audit: sink) { rig in
            let made = try await rig.create()
            _ = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            _ = try await rig.call("GET", "/metrics", key: rig.user)
            let entries = sink.entries.withLock(\.self)
            let owner = try #require(rig.ring.keys.first { $0.name == "user" }?.id)
            #expect(
                entries.map(\.action) == ["browser.create", "browser.delete", "call.refused"])
            #expect(entries.map(\.subject) == [made.id, made.id, "GET /metrics"])
            #expect(entries.map(\.author) == [owner, owner, owner])
            #expect(entries.map { $0.details["outcome"] } == ["ok", "ok", "forbidden"])
            #expect(entries.allSatisfy { $0.details["key"] == "user" && $0.unixMilliseconds > 0 })
        }
    }

    private final class Sink: EntrySink {
        let entries = Mutex<[AuditEntry]>([])
        func add(_ entries: AppendEntries) { self.entries.withLock { $0 += entries.audit } }
    }

    @Test("a name with a line end stays on its line")
    func oneLine() {
        var line = AuditLine(.call)
        line.route = "a\nb\u{85}c\r"
        #expect(line.fields["route"] == "a b c ")
    }
}
