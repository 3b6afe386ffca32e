// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore
import Synchronization

extension FleetService {
    /// `GET /health`. Pressure passes by itself, and with a store that is away the server serves what
    /// it has, so these are told but do not take the server out.
    func health(_ call: Call) async throws(Problem) -> Response {
        let snapshot = pool.snapshot()
        let memory = ProcessMemory.current()
        let engine = pool.launcher.engine
        let counts = snapshot.counts
        let answer = HealthResponse(
            status: unready ?? "ok", serverId: configuration.serverID,
            hostname: ProcessMemory.hostname(), browsers: counts.leased,
            maxBrowsers: counts.capacity, available: max(0, counts.available), uptime: uptime,
            memory: HealthResponse.Memory(
                heapUsed: memory.used, heapTotal: memory.reserved, rss: memory.resident,
                browsers: readBrowserMemory()),
            activeSessions: counts.leased, maxSessions: snapshot.maxLeases,
            activeConnections: counts.connections, version: configuration.version,
            chromium: engine.version,
            sandbox: engine.isolation.rawValue + (engine.sandbox ? "" : "-unsandboxed"),
            timestamp: Self.wallTime())
        return try .json(answer, status: canServe ? .ok : .serviceUnavailable)
    }

    /// `GET /health/live`: the process answers.
    func live(_ call: Call) async throws(Problem) -> Response { .empty(.noContent) }

    /// `GET /health/ready`: a create would not be refused for a reason of the server's.
    func ready(_ call: Call) async throws(Problem) -> Response {
        guard let word = unready else { return .empty(.noContent) }
        throw Problem(
            ProblemCode(rawValue: word) ?? .draining, "Not ready: \(word).",
            retryAfter: .seconds(5))
    }

    /// `GET /api/health`.
    func sessionHealth(_ call: Call) async throws(Problem) -> Response {
        let snapshot = pool.snapshot()
        return try .json(
            SessionHealthResponse(
                status: unready ?? "ok", leased: snapshot.counts.leased,
                maxSessions: snapshot.maxLeases, capacity: snapshot.counts.capacity,
                waiting: snapshot.counts.waiting,
                screenshots: rendering.load(ordering: .relaxed)),
            status: canServe ? .ok : .serviceUnavailable)
    }

    private var canServe: Bool {
        guard let word = pool.unready else { return true }
        return word.hasSuffix("pressure")
    }

    private func readBrowserMemory() -> Int64 {
        browserMemory.bytes(
            of: { [pool] in
                pool.records().compactMap { pool.lease($0.id)?.browser }
            }, at: pool.clock.now)
    }
}
