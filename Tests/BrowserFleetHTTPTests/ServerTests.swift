// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Hummingbird
import Synchronization
import Testing

@testable import BrowserFleetHTTP

@Suite("the server as a whole")
struct ServerTests {
    @Test("health has every field and needs nothing")
    func health() async throws {
        try await FleetRig.with(slots: 4) { rig in
            _ = try await rig.create()
            let health = try await rig.call("GET", "/health").decoded(as: HealthResponse.self)
            #expect(health.status == "ok" && health.serverId == "test-server")
            #expect(health.browsers == 1 && health.maxBrowsers == 4 && health.available == 3)
            #expect(health.memory.rss > 0 && health.memory.heapUsed > 0)
            let short = try await rig.call("GET", "/api/health")
                .decoded(as: SessionHealthResponse.self)
            #expect(short.workers.averageLoad == 0.25)
            #expect(short.sessions.active == 1 && short.sessions.max == 4)
            let live = try await rig.call("GET", "/health/live")
            #expect(live.status == 204 && live.body.isEmpty)
        }
    }

    @Test("a draining server says so, takes no browser, and still deletes")
    func draining() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            rig.pool.drain(timeout: .seconds(60))
            let health = try await rig.call("GET", "/health")
            #expect(health.status == 503)
            #expect(try health.decoded(as: HealthResponse.self).status == "draining")
            #expect(try await rig.call("GET", "/health/ready").problem().code == .draining)
            let create = try await rig.call("POST", "/browsers", key: rig.user)
            #expect(try create.problem().code == .draining)
            #expect(create["retry-after"] != nil)
            let gone = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            #expect(gone.status == 200)
        }
    }

    @Test("a server whose store is away says so in one word, and serves on")
    func storeAway() async throws {
        let need = Need()
        try await FleetRig.with(needs: [need]) { rig in
            #expect(try await rig.call("GET", "/health/ready").status == 204)
            need.word.withLock { $0 = "store-unavailable" }
            let ready = try await rig.call("GET", "/health/ready")
            #expect(ready.status == 503)
            #expect(try ready.problem().code == .storeUnavailable)
            let health = try await rig.call("GET", "/health")
            #expect(health.status == 200)
            #expect(
                try health.decoded(as: HealthResponse.self).status == "store-unavailable")
            let made = try await rig.create()
            let gone = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            #expect(gone.status == 200)
            need.word.withLock { $0 = nil }
            #expect(try await rig.call("GET", "/health/ready").status == 204)
        }
    }

    private final class Need: Readiness {
        let word = Mutex<String?>(nil)
        var unready: String? { word.withLock(\.self) }
    }

    @Test("every fault of a store, and every refusal of a rule, has its word in the API")
    func storeCodes() throws {
        let id = try ServerID("server-1")
        let key = try AssignmentKey("device-1")
        var generator = SeededGenerator(seed: 1)
        let epoch = ServerEpoch(number: 1, process: UUIDv4(using: &generator))
        let refusals: [StoreRefusal] = [
            .serverNotKnown(id), .serverExists(id), .notRegistered(id), .fenced(by: epoch),
            .nameChanged(to: nil), .invalid(field: "url", advice: ""), .conflict(nil),
            .notOwner(key), .noServer,
        ]
        let codes: [StoreError.Code] =
            refusals.map { .refused($0) }
            + [.unavailable, .outcomeUnknown, .contention, .unusable, .unreadable]
        for code in codes {
            #expect(ProblemCode(rawValue: code.word) != nil, "\(code)")
        }
    }

    @Test(
        "dates are written as HTTP wants them",
        arguments: [
            (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_795_230_420_250, "Sat, 21 Nov 2026 03:07:00 GMT"),
        ] as [(Int64, String)])
    func dates(_ milliseconds: Int64, _ text: String) {
        #expect(DateHeader().text(at: Timestamp(millisecondsSince1970: milliseconds)) == text)
    }

    @Test("HEAD is GET without a body, and connections are kept")
    func head() async throws {
        try await FleetRig.with { rig in
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(
                    "HEAD /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.readAnswer().status == 204)
                #expect(try await connection.readAnswer().status == 200)
            }
        }
    }

    @Test("figures count what happened")
    func figures() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            _ = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            _ = try await rig.call("GET", "/nowhere")
            let stats = try await rig.call("GET", "/api/stats", key: rig.user)
                .decoded(as: StatsResponse.self)
            #expect(stats.created == 1 && stats.warmStarts + stats.coldStarts == 1)
            #expect(stats.ended["deleted"] == 1)
            #expect(Set(stats.ended.keys) == Set(EndReason.allCases.map(\.rawValue)))
            #expect(stats.errors["unknown-path"] == 1)
        }
    }

    @Test("a launch that failed is one error, although its caller was told of it too")
    func launchErrors() async throws {
        let error = LaunchError(.other, "No.", remedy: "None.")
        try await FleetRig.with(
            warm: 0,
            launches: { request, _ in request.properties.headful ? .fails(error) : .succeeds() }
        ) { rig in
            let answer = try await rig.call(
                "POST", "/browsers", key: rig.user, body: #"{"headful":true,"locale":"de"}"#)
            #expect(try answer.problem().code == .launchFailed)
            let launches = rig.pool.snapshot().ledger.launchFailures
            let stats = try await rig.call("GET", "/api/stats", key: rig.user)
                .decoded(as: StatsResponse.self)
            #expect(stats.errors == ["launch-failed": Int64(launches)])
        }
    }

    @Test("an embedder's routes share the port, ours come first")
    func embedding() async throws {
        let router = Router()
        router.get("/hello/:name") { _, context in
            "hello \(try context.parameters.require("name"))"
        }
        router.get("/health") { _, _ in "never seen" }
        try await FleetRig.with(routes: router.buildResponder()) { rig in
            let hello = try await rig.call("GET", "/hello/swift")
            #expect(hello.status == 200 && hello.body == "hello swift")
            #expect(try await rig.call("GET", "/health").body.contains("serverId"))
            #expect(try await rig.call("GET", "/nowhere").problem().code == .unknownPath)
        }
    }

    private func server(
        _ configuration: HTTPConfiguration, _ ring: KeyRing
    ) throws(HTTPServerError) -> FleetHTTPServer<FakeLauncher> {
        let pool = BrowserPool(
            configuration: PoolConfiguration(maxBrowsers: 1), launcher: FakeLauncher(),
            pressure: NoPressure())
        return try FleetHTTPServer(configuration: configuration, pool: pool, keys: ring)
    }

    @Test("a port in use is one clear line")
    func portInUse() async throws {
        try await FleetRig.with { rig in
            let second = try server(HTTPConfiguration(port: rig.port), rig.ring)
            do {
                try await second.run()
                Issue.record("two servers listen on one port")
            } catch let error as HTTPServerError {
                #expect(error.code == .portInUse)
                #expect(error.message.contains("127.0.0.1:\(rig.port)"))
                #expect(!error.message.contains("\n"))
            }
            await #expect(throws: HTTPServerError.self) { try await second.boundPort }
        }
    }

    @Test("an address beyond loopback needs a key, or the operator's word")
    func noKeys() throws {
        let ring = try KeyRing(path: nil, now: { .origin })
        var configuration = HTTPConfiguration(host: "0.0.0.0", port: 0)
        do throws(HTTPServerError) {
            _ = try server(configuration, ring)
            Issue.record("an open server started")
        } catch {
            #expect(error.code == .noKeys)
        }
        configuration.isInsecure = true
        _ = try server(configuration, ring)
        _ = try server(HTTPConfiguration(port: 0), ring)
    }

    @Test(
        "settings that make no sense stop the start",
        arguments: ["node1.example.com", "ftp://a", "https://", "https://a b", "https://a/?q"])
    func badSettings(_ url: String) throws {
        var configuration = HTTPConfiguration(port: 0)
        configuration.publicURL = url
        let ring = try KeyRing(path: nil, now: { .origin })
        #expect(throws: HTTPServerError.self) { try server(configuration, ring) }
    }

    @Test("every failed launch has its word in the API")
    func launchCodes() {
        let codes: [LaunchError.Code] = [
            .engineMissing, .engineTooOld, .isolationUnavailable, .sandboxFailed, .exitedEarly,
            .timedOut, .diskFull, .dataDirectoryUnusable, .invalidArgument, .invalidProxy,
            .cancelled, .other,
        ]
        for code in codes {
            #expect(ProblemCode(rawValue: code.description) != nil, "\(code)")
        }
    }
}
