// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// The fleet as a whole, and the owners of browsers.
    static var clusterEndpoints: [Endpoint<Launcher>] {
        [
            Endpoint(
                .get, "/cluster/status", "How the fleet is.", access: .anyKey,
                answers: [.json(200, "ClusterStatus", "As this server knows it.")],
                handler: FleetService.clusterStatus),
            Endpoint(
                .get, "/cluster/metrics", "How busy the fleet is, and whether it should grow.",
                access: .anyKey,
                answers: [.json(200, "ClusterMetrics", "As this server knows it.")],
                handler: FleetService.clusterMetrics),
            Endpoint(
                .get, "/resolve/{id}", "Who owns a browser, by its ID.", access: .key(.browsers),
                answers: [.json(200, "Resolve", "The owner, and how it was found.")],
                problems: [.malformedID, .ownerUnknown], handler: FleetService.resolve),
        ]
    }

    private func clusterStatus(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let rows = driver.rows
        let members = rows.filter { $0.standing != .lost }
        var counts: [String: Int] = [:]
        for row in rows { counts[row.standing.rawValue, default: 0] += 1 }
        return try .json(
            ClusterStatusResponse(
                serverId: configuration.serverID, status: clusterStatus(of: rows),
                connections: pool.snapshot().counts.connections, uptime: uptimeMs,
                clusterSize: members.count, servers: counts, waiting: driver.waiting))
    }

    private func clusterStatus(of rows: [ServerRow]) -> ClusterStatusResponse.Status {
        if pool.unready == "draining" { return .draining }
        let active = rows.count { $0.standing == .active }
        if active == 0 { return .unhealthy }
        return active == rows.count ? .healthy : .degraded
    }

    private func clusterMetrics(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let rows = driver.rows.filter { $0.standing != .lost }
        let (load, action) = driver.advise()
        return try .json(
            ClusterMetricsResponse(
                totalServers: rows.count, totalConnections: load.connections,
                averageLoad: SessionHealthResponse.load(
                    leased: load.leased, capacity: load.capacity),
                recommendedAction: ClusterMetricsResponse.Action(action),
                totalBrowsers: load.leased, totalCapacity: load.capacity, waiting: load.waiting,
                timestamp: Self.wallTime()))
    }

    private func resolve(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let id: BrowserID
        do throws(DecodeError) {
            id = try BrowserID(decoding: call.values["id"] ?? "")
        } catch {
            throw Problem(.malformedID, "This is not a browser ID: \(error).")
        }
        guard let (standing, rule) = driver.owner(of: id) else {
            throw Problem(.ownerUnknown)
        }
        let (server, url, word): (ServerName, ServerEndpoint?, ResolveResponse.Standing) =
            switch standing {
            case .own: (pool.serverName, nil, .local)
            case .reachable(let name, let endpoint): (name, endpoint, .reachable)
            case .unreachable(let name, let endpoint): (name, endpoint, .unreachable)
            case .lost(let name): (name, nil, .lost)
            case .unknown: throw Problem(.ownerUnknown)
            }
        return try .json(
            ResolveResponse(
                id: id.text, server: server.text, url: url?.description, by: rule.rawValue,
                standing: word))
    }
}

extension ClusterMetricsResponse.Action {
    fileprivate init(_ action: ScalingAdvice.Action) {
        self =
            switch action {
            case .maintain: .maintain
            case .scaleUp: .scaleUp
            case .scaleDown: .scaleDown
            }
    }
}
