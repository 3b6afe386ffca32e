// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Logging
import Testing

@testable import BrowserFleetHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A real server on a real loopback port, with fake browsers behind it.
struct FleetRig {
    let port: Int
    let pool: BrowserPool<FakeLauncher>
    let launcher: FakeLauncher
    let ring: KeyRing
    let signer: TokenSigner
    let server: FleetHTTPServer<FakeLauncher>
    /// A key with every scope.
    let admin: String
    /// A key with the scope `browsers`.
    let user: String

    /// Runs `body` with a server.
    static func with<Value: Sendable>(
        slots: Int = 4, warm: Int = 1, name: ServerName = .localhost,
        launches: @escaping FakeLauncher.Script = { _, _ in .succeeds() },
        needs: [any Readiness] = [], records: FleetRecords? = nil,
        audit: (any EntrySink)? = nil,
        routes: FleetHTTPServer<FakeLauncher>.Routes? = nil,
        forwarding: RequestForwarding? = nil,
        logger: Logger = Self.silent, configure: (inout HTTPConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (FleetRig) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder()
        var configuration = HTTPConfiguration(port: 0, serverID: "test-server")
        configuration.maxConnectionsPerAddress = 1000
        configure(&configuration)
        let launcher = FakeLauncher(script: launches)
        let metrics = PrometheusRegistry()
        let pool = BrowserPool(
            configuration: PoolConfiguration(maxBrowsers: slots, warmHeadless: warm),
            settings: PoolSettings(serverName: name), launcher: launcher, pressure: NoPressure(),
            metrics: metrics, events: records?.writer, logger: logger)
        let ring = try KeyRing(path: folder.path("keys.json"), now: { MonotonicClock().now })
        let now = Timestamp(millisecondsSince1970: 0)
        let admin = try ring.create(
            name: "admin", scopes: Set(KeyScope.allCases), createdAt: now)
        let user = try ring.create(name: "user", scopes: [.browsers], createdAt: now)
        let signer = TokenSigner.forThisProcess()
        let server = try FleetHTTPServer(
            configuration: configuration, pool: pool, keys: ring, tokens: signer,
            metrics: metrics, needs: needs, records: records, audit: audit, routes: routes,
            forwarding: forwarding,
            logger: logger)
        return try await pool.run { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                let rig = FleetRig(
                    port: try await server.boundPort, pool: pool, launcher: launcher, ring: ring,
                    signer: signer, server: server, admin: admin.secret, user: user.secret)
                let value = try await body(rig)
                group.cancelAll()
                _ = folder
                return value
            }
        }
    }

    static var silent: Logger {
        Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    }

    /// One request on a connection of its own.
    func call(
        _ method: String, _ path: String, key: String? = nil, headers: [String] = [],
        body: String? = nil
    ) async throws -> RawAnswer {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"]
        if let key { lines.append("X-API-Key: \(key)") }
        lines += headers
        if let body {
            lines.append("Content-Length: \(body.utf8.count)")
            if !headers.contains(where: { $0.lowercased().hasPrefix("content-type") }) {
                lines.append("Content-Type: application/json")
            }
        }
        return try await raw(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }

    /// Bytes on a connection of their own, and the first answer.
    func raw(_ text: String) async throws -> RawAnswer {
        try await RawConnection.with(port: port) { connection in
            try await connection.send(text)
            return try await connection.readAnswer()
        }
    }

    /// Waits until the network and the pool have got so far; there is nothing to await in a socket
    /// that somebody else closes.
    func wait(while condition: @Sendable () -> Bool) async throws {
        while condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Creates a browser.
    func create(_ body: String = "{}", key: String? = nil) async throws -> BrowserResponse {
        let answer = try await call("POST", "/browsers", key: key ?? user, body: body)
        try #require(answer.status == 201, "\(answer.body)")
        return try answer.decoded()
    }
}

extension RawAnswer {
    /// The body as one of the API's types.
    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body.utf8))
    }

    /// The body as a problem, which must agree with the status.
    func problem() throws -> Problem {
        let problem = try decoded(as: Problem.self)
        #expect(problem.status == status)
        #expect(self["content-type"] == "application/problem+json")
        return problem
    }
}

/// A folder that is removed with this value.
final class TemporaryFolder: Sendable {
    let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory
            .appending(path: "browserfleet-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }
}
