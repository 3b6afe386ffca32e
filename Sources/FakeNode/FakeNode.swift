// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetGateway
import BrowserFleetHTTP
import BrowserFleetRuntime
import BrowserFleetSQLite
import BrowserFleetTesting
import Foundation
import Logging
import Metrics
import NIOPosix
import Tracing

/// A server of a fleet whose browsers are nothing: the real HTTP API, pool, reports and audit store,
/// put together as `fleetctl` does it, for the benchmark of creates (`Benchmarks/bench/creates.py`).
///
/// Usage: `API_KEY=… INTERNAL_API_KEY=… FakeNode NAME PORT SLOTS WARM DATABASE`
@main
struct FakeNode {
    private let pool: BrowserPool<InstantLauncher>
    private let driver: FleetDriver
    private let store: FleetStore<SQLiteEngine>
    private let writer: EntryWriter
    private let server: FleetHTTPServer<InstantLauncher>

    static func main() async throws {
        let words = CommandLine.arguments
        let environment = ProcessInfo.processInfo.environment
        guard words.count == 6, let port = UInt16(words[2]), let slots = Int(words[3]),
            let warm = Int(words[4]), let key = environment["API_KEY"],
            let secret = environment["INTERNAL_API_KEY"]
        else { fatalError("the usage stands at the head of FakeNode.swift") }
        let node = try await FakeNode(
            ServerName(words[1]), port: port, key: key, secret: secret, database: words[5],
            limits: PoolConfiguration(maxBrowsers: slots, warmHeadless: warm))
        try await node.run()
    }

    private init(
        _ name: ServerName, port: UInt16, key: String, secret: String, database: String,
        limits: PoolConfiguration
    ) async throws {
        let (logger, registry) = Self.startTelling()
        let group = MultiThreadedEventLoopGroup.singleton
        // One browser with a DevTools pipe stands for all of them: nobody attaches.
        let shown = try await FakeLauncher(group: group).launch(
            LaunchRequest(slot: SlotID(index: 0, occupation: 1), properties: .headless))
        // The machine is busy with this very benchmark, which is no reason to refuse browsers.
        let pool = BrowserPool(
            configuration: limits, settings: PoolSettings(serverName: name),
            launcher: InstantLauncher(devTools: shown.devTools), pressure: NoPressure(),
            logger: logger)
        let own = OwnServer(
            name: name, id: try ServerID("fake-\(port)"),
            endpoint: ServerEndpoint(scheme: .http, host: "127.0.0.1", port: port))
        let signer = try InternalSigner(secrets: [secret])
        let caller = LiveServerCaller(group: group)
        let driver = FleetDriver(
            settings: FleetSettings(role: .node, own: own), hold: EpochKeeper(persisted: nil),
            peers: SignedPeers(
                serverID: own.id, caller: caller, signer: signer, clock: pool.clock),
            report: { pool.report(version: "fake", startedAt: 0) }, logger: logger)
        pool.onRoomChange { driver.reportSoon() }
        store = FleetStore(try SQLiteEngine(path: database), logger: logger)
        writer = EntryWriter(store, author: own.id.text)
        var configuration = HTTPConfiguration(port: Int(port), serverID: own.id.text)
        configuration.maxConnectionsPerAddress = configuration.maxConnections
        server = try FleetHTTPServer(
            configuration: configuration, pool: pool,
            keys: KeyRing(path: nil, adminSecrets: [key], now: { pool.clock.now }),
            tokens: .forThisProcess(), metrics: registry, needs: [store], audit: writer,
            fleet: FleetLink(driver: driver, caller: caller, signer: signer), logger: logger)
        (self.pool, self.driver) = (pool, driver)
    }

    /// Log, spans and metrics, as `fleetctl` has them.
    private static func startTelling() -> (Logger, PrometheusRegistry) {
        LoggingSystem.bootstrap(
            { StreamLogHandler.standardError(label: $0, metadataProvider: $1) },
            metadataProvider: .browserFleet)
        InstrumentationSystem.bootstrap(FleetTracer())
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        return (Logger(label: "browserfleet"), registry)
    }

    /// Serves until a signal ends the process; there is nothing that would have to be tidied.
    private func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await store.run() }
            tasks.addTask { await writer.run() }
            tasks.addTask { await driver.run() }
            tasks.addTask { try await server.run() }
            tasks.addTask { try await pool.run() }
            try await tasks.next()
        }
    }
}
