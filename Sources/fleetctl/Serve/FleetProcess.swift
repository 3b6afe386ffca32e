// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import Tracing

/// One server, put together and run until it is told to stop.
struct FleetProcess: Sendable {
    private let settings: SettingsInForce
    private let folder: DataDirectory
    private let plan: ServerPlan

    /// Reads the plan out of the settings.
    init(settings: SettingsInForce, surroundings: Surroundings) throws {
        self.settings = settings
        folder = DataDirectory(named: settings.text(.dataDirectory))
        plan = try ServerPlan(settings, folder: folder, around: surroundings)
    }

    /// Serves; returns after a drain that SIGTERM or SIGINT began.
    ///
    /// - Throws: one clear line when it cannot start.
    func run() async throws {
        try folder.make()
        try folder.keepServerID(plan.http.serverID)
        let logger = makeLogger()
        for notice in plan.notices { logger.warning("\(notice)") }
        logger.info("\(plan.budget)")
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)

        let launcher = ChromiumLauncher(configuration: plan.chromium, logger: logger)
        let records = FleetRecords(
            try StoreOpening.open(settings, folder: folder, logger: logger),
            serverID: plan.http.serverID)
        let pool = BrowserPool(
            configuration: plan.pool, settings: plan.driver, launcher: launcher,
            events: records.writer, logger: logger)
        let startedAt = pool.clock.unixMilliseconds
        let parts = try FleetParts(plan.fleet, folder: folder, records: records, logger: logger) {
            pool.report(version: Version.number, startedAt: startedAt)
        }
        pool.onRoomChange { parts.driver.reportSoon() }
        parts.claim?.onFenced {
            for record in pool.records() { pool.end(record.id, .fenced) }
            pool.stop()
        }
        let (keys, firstKey) = try openKeys(clock: pool.clock)
        var needs: [any Readiness] = [records.store]
        if let claim = parts.claim { needs.append(claim) }
        let server = try FleetHTTPServer(
            configuration: plan.http, pool: pool, keys: keys,
            tokens: try TokenSigner.kept(at: folder.tokenSecretFile), metrics: registry,
            needs: needs, records: records, forwarding: parts.gateway?.forwarding,
            fleet: parts.link, logger: logger)
        if plan.fleet.driver.role != .gateway { try await verify(launcher) }
        try await parts.serve {
            try await records.serve {
                try await serve(pool, server, parts, logger, firstKey: firstKey)
            }
        }
        if parts.claim?.isFenced == true {
            throw CommandFailure(
                .refused, "a newer process has this server's name; give one of the two another")
        }
    }

    private func serve(
        _ pool: BrowserPool<ChromiumLauncher>, _ server: FleetHTTPServer<ChromiumLauncher>,
        _ fleet: FleetParts, _ logger: Logger, firstKey: String?
    ) async throws {
        let life = ServerLife(
            server, fleet, pool, drainTimeout: plan.driver.drainTimeout,
            notifier: SystemdNotifier(environment: ProcessInfo.processInfo.environment),
            logger: logger)
        let greeting = Task { await greet(server, pool.launcher.engine, firstKey, logger) }
        do {
            try await life.run { await greeting.value }
        } catch {
            await retract(after: greeting)
            throw error
        }
        await retract(after: greeting)
    }

    // Says where the server answers, to tools by a file and to people; false if it never listens.
    private func greet(
        _ server: FleetHTTPServer<ChromiumLauncher>, _ engine: EngineDescription,
        _ firstKey: String?, _ logger: Logger
    ) async -> Bool {
        guard let port = try? await server.boundPort else { return false }
        let url = Greeting.url(of: plan.http, port: port)
        try? announce(url)
        let greeting = Greeting(
            url: url, firstKey: firstKey, folder: folder, plan: plan, settings: settings,
            engine: engine)
        greeting.say()
        greeting.log(to: logger)
        return true
    }

    // A server that never listened leaves the file of the one that does alone.
    private func retract(after greeting: Task<Bool, Never>) async {
        greeting.cancel()
        guard await greeting.value else { return }
        try? FileManager.default.removeItem(atPath: folder.addressFile)
    }

    private func announce(_ url: String) throws {
        let hasLocalKey = FileManager.default.fileExists(atPath: folder.localKeyFile)
        let address = ServerAddress(
            url: url, apiKeyFile: hasLocalKey ? folder.localKeyFile : nil)
        try folder.write(try address.text(), to: folder.addressFile)
    }

    private func openKeys(clock: any FleetClock) throws -> (KeyRing, String?) {
        let secrets = (settings.text(.apiKey) ?? "").split(separator: ",").map(String.init)
        let ring = try KeyRing(
            path: settings.text(.apiKeysFile) ?? folder.keysFile, adminSecrets: secrets,
            now: { clock.now })
        guard plan.http.isLoopback, !plan.http.isInsecure else { return (ring, nil) }
        let new = try ring.createFirstKey(secretPath: folder.localKeyFile, createdAt: .now)
        return (ring, new?.secret)
    }

    private func verify(_ launcher: ChromiumLauncher) async throws {
        do {
            try await launcher.verify()
        } catch {
            throw CommandFailure(
                .failed, "browsers cannot be started: \(error.message) \(error.remedy)",
                next: "fleetctl doctor")
        }
    }

    private func makeLogger() -> Logger {
        let level = settings.text(.logLevel).flatMap(Logger.Level.init(rawValue:)) ?? .info
        let isJSON = settings.text(.logFormat) == "json"
        LoggingSystem.bootstrap(
            { label, provider in
                var handler: any LogHandler =
                    isJSON
                    ? JSONLogHandler(label: label, metadataProvider: provider)
                    : StreamLogHandler.standardError(label: label, metadataProvider: provider)
                handler.logLevel = level
                return handler
            }, metadataProvider: .browserFleet)
        InstrumentationSystem.bootstrap(FleetTracer())
        return Logger(label: "browserfleet")
    }
}
