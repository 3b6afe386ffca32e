// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@testable import BrowserFleetHTTP

/// A gateway and servers in one process, each on a real port, with fake browsers. They reach each
/// other by made-up endpoints, so that a test can cut a way.
struct LocalFleetRig {
    /// One of them.
    struct Member {
        let name: ServerName
        let endpoint: ServerEndpoint
        let pool: BrowserPool<FakeLauncher>
        let driver: FleetDriver
        let server: FleetHTTPServer<FakeLauncher>
        /// The ways that this one has to others.
        let network: FakeServerCaller
        /// The hold of its name, if it shares a store with the others.
        let claim: ClaimKeeper?
        let shared: SharedFleet?
    }

    let gateway: Member
    let nodes: [Member]
    let key: String
    let ring: KeyRing
    let port: Int
    /// Keep the names of the servers, in their order; empty without a store.
    let claims: [Task<Void, Never>]

    static let secret = "a-secret-of-the-fleet-0123456789"

    /// Runs `body` with a gateway and so many servers that have reported themselves.
    static func with<Value: Sendable>(
        nodes count: Int = 3, slots: Int = 1, records: FleetRecords? = nil,
        _ body: @escaping @Sendable (LocalFleetRig) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder()
        let ring = try KeyRing(
            path: folder.path("keys.json"), adminSecrets: ["test-key"],
            now: { MonotonicClock().now })
        let gateway = try member("gateway", .gateway, slots: 0, ring, records: records)
        let nodes = try (1...count).map { number in
            // Who shares a store with the gateway does not know it.
            try member(
                "server\(number)", .node, slots: slots, ring,
                gateway: records == nil ? gateway.endpoint : nil, records: records)
        }
        let claims = nodes.compactMap(\.claim).map { claim in Task { await claim.run() } }
        defer { for claim in claims { claim.cancel() } }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for member in [gateway] + nodes {
                group.addTask { try await member.server.run() }
                group.addTask { await member.driver.run() }
                group.addTask { try await member.pool.run() }
            }
            if let follower = gateway.shared?.follower {
                group.addTask { await follower.run() }
            }
            let port = try await gateway.server.boundPort
            for node in nodes {
                node.network.serve(gateway.endpoint, Self.way(to: port))
                gateway.network.serve(
                    node.endpoint, Self.way(to: try await node.server.boundPort))
            }
            let rig = LocalFleetRig(
                gateway: gateway, nodes: nodes, key: "test-key", ring: ring, port: port,
                claims: claims)
            try await rig.wait { rig.standings.allSatisfy { $0 == .active } }
            let value = try await body(rig)
            for member in [gateway] + nodes { member.pool.stop() }
            group.cancelAll()
            _ = folder
            return value
        }
    }

    private static func member(
        _ word: String, _ role: FleetSettings.Role, slots: Int, _ ring: KeyRing,
        gateway: ServerEndpoint? = nil, records: FleetRecords? = nil
    ) throws -> Member {
        let name = try ServerName("\(word).fleet.example")
        let endpoint = ServerEndpoint(scheme: .http, host: name.text, port: 80)
        let launcher = FakeLauncher(script: { request, _ in
            request.properties.arguments.isEmpty
                ? .succeeds()
                : .fails(LaunchError(.invalidArgument, "No switch.", remedy: "Leave it out."))
        })
        let pool = BrowserPool(
            configuration: PoolConfiguration(maxBrowsers: slots, warmHeadless: slots),
            settings: PoolSettings(serverName: name), launcher: launcher, pressure: NoPressure(),
            logger: FleetRig.silent)
        let network = FakeServerCaller()
        let signer = try InternalSigner(secrets: [secret])
        var settings = FleetSettings(
            role: role, own: OwnServer(name: name, id: try ServerID(word), endpoint: endpoint))
        settings.gateways = gateway.map { [$0] } ?? []
        settings.heartbeatInterval = .milliseconds(100)
        settings.limits = FleetLimits(
            silence: .init(timeout: .milliseconds(600), probeTimeout: .milliseconds(100)),
            checkInterval: .milliseconds(200), pullInterval: .milliseconds(100),
            checkTimeout: .seconds(1), evictionShare: 1)
        let report = { @Sendable in pool.report(version: "test", startedAt: 0) }
        let claim = records.flatMap { records in
            role == .gateway
                ? nil
                : ClaimKeeper(
                    .init(
                        own: settings.own, persisted: nil, persist: { _ in }, report: report),
                    registry: records.store,
                    rhythm: .init(renewal: .milliseconds(100), patience: .milliseconds(600)),
                    logger: FleetRig.silent)
        }
        let driver = FleetDriver(
            settings: settings, hold: claim ?? EpochKeeper(persisted: nil),
            peers: SignedPeers(
                serverID: settings.own.id, caller: network, signer: signer,
                clock: MonotonicClock()),
            report: report, logger: FleetRig.silent)
        let shared = records.flatMap { role == .gateway ? SharedFleet(driver, $0) : nil }
        pool.onRoomChange { driver.reportSoon() }
        var configuration = HTTPConfiguration(port: 0, serverID: word)
        configuration.maxConnectionsPerAddress = 1000
        let server = try FleetHTTPServer(
            configuration: configuration, pool: pool, keys: ring, tokens: .forThisProcess(),
            metrics: PrometheusRegistry(), records: records,
            fleet: FleetLink(
                driver: driver, caller: network, signer: signer, shared: shared),
            logger: FleetRig.silent)
        return Member(
            name: name, endpoint: endpoint, pool: pool, driver: driver, server: server,
            network: network, claim: claim, shared: shared)
    }

    /// The way to a server on a port of this machine.
    static func way(to port: Int) -> FakeServerCaller.Server {
        { call throws(ServerCallError) in
            var lines = [
                "\(call.method) \(call.path) HTTP/1.1", "Host: \(call.endpoint.host)",
                "Connection: close",
            ]
            lines += call.headers.map { "\($0.name): \($0.value)" }
            if !call.body.isEmpty { lines.append("Content-Length: \(call.body.count)") }
            let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
            do {
                let answer = try await RawConnection.with(port: port) { connection in
                    try await connection.send(Array(head.utf8) + call.body)
                    return try await connection.readAnswer()
                }
                return ServerAnswer(
                    status: answer.status, headers: answer.headers, body: Array(answer.body.utf8))
            } catch {
                throw ServerCallError(.broken, "\(error)")
            }
        }
    }

    /// What the gateway thinks of the servers, in their order.
    var standings: [ServerStanding] {
        let rows = gateway.driver.rows
        return nodes.map { node in
            rows.first { $0.name == node.name }?.standing ?? .neverConnected
        }
    }

    /// Waits until the fleet has got so far; fails after thirty seconds.
    func wait(until condition: @Sendable () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw TooLate() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    struct TooLate: Error {}

    /// One call to the gateway.
    func call(
        _ method: String, _ path: String, key: String? = nil, headers: [String] = [],
        body: String? = nil
    ) async throws -> RawAnswer {
        var lines = [
            "\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close",
            "X-API-Key: \(key ?? self.key)",
        ]
        lines += headers
        if let body {
            lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return try await RawConnection.with(port: port) { connection in
            try await connection.send(text)
            return try await connection.readAnswer()
        }
    }

    /// Creates a browser through the gateway.
    func create(_ query: String = "", _ body: String = "{}") async throws -> BrowserResponse {
        let answer = try await call("POST", "/browsers" + query, body: body)
        try #require(answer.status == 201, "\(answer.body)")
        return try answer.decoded()
    }
}
