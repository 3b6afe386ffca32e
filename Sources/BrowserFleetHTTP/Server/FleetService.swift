// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime
import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What all routes of a server share.
final class FleetService<Launcher: BrowserLauncher>: Sendable
where Launcher.Browser: DevToolsServing & PageRendering {
    let configuration: HTTPConfiguration
    let pool: BrowserPool<Launcher>
    let needs: [any Readiness]
    let trail: AuditTrail
    /// What it has of its fleet's store, if there is one.
    let records: FleetRecords?
    let metrics: ServerMetrics
    let authenticator: Authenticator
    let hosts: HostRules
    let accounts: KeyAccounts
    let connections: ConnectionCounter
    let logger: Logger
    let startedAt: FleetInstant
    /// Pages being rendered.
    let rendering = Atomic(0)
    let browserMemory = BrowserMemory()
    let date = DateHeader()
    /// What ties this server to others; `nil` without any fleet.
    let fleet: FleetLink?
    /// Every endpoint that is not a WebSocket.
    let routes: [Endpoint<Launcher>]
    private let port = Mutex(0)

    init(
        configuration: HTTPConfiguration, pool: BrowserPool<Launcher>, keys: KeyRing,
        tokens: TokenSigner, registry: PrometheusRegistry, needs: [any Readiness],
        records: FleetRecords?, audit: (any EntrySink)?, fleet: FleetLink?, logger: Logger
    ) {
        self.configuration = configuration
        self.pool = pool
        self.needs = needs
        self.records = records
        trail = AuditTrail(
            logger: logger, sink: audit ?? records?.writer, clock: pool.clock)
        self.logger = logger
        self.fleet = fleet
        metrics = ServerMetrics(registry: registry)
        let clock = pool.clock
        authenticator = Authenticator(
            keys: keys, tokens: tokens,
            jwt: configuration.jwt.map {
                JWTVerifier($0, now: { clock.now }, logger: logger)
            }, isInsecure: configuration.isInsecure, now: Self.wallTime)
        let publicHost = configuration.publicURL.flatMap(PublicURL.init)?.authority
        hosts = HostRules(
            hosts: configuration.allowedHosts + [pool.serverName.text, configuration.host]
                + [publicHost.flatMap(HostRules.name(of:))].compactMap(\.self),
            origins: configuration.corsOrigins)
        accounts = KeyAccounts(
            clock: pool.clock, requestsPerMinute: configuration.requestsPerMinute,
            requestsPerMinutePerAddress: configuration.requestsPerMinutePerAddress,
            isRunning: { pool.lease($0) != nil })
        connections = ConnectionCounter(
            most: configuration.maxConnections,
            mostPerAddress: configuration.maxConnectionsPerAddress)
        startedAt = pool.clock.now
        routes =
            Self.endpoints + (fleet == nil ? [] : Self.fleetEndpoints)
            + (records == nil ? [] : Self.recordEndpoints)
            + (fleet?.shared == nil ? [] : Self.sharedEndpoints)
    }

    /// The wall-clock time.
    static func wallTime() -> Timestamp {
        Timestamp(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// Seconds since the start.
    var uptime: Int64 { uptimeMs / 1000 }

    /// Milliseconds since the start.
    var uptimeMs: Int64 { startedAt.duration(to: pool.clock.now).wholeMilliseconds }

    /// Why the server should be given nothing new, in one word; `nil` if it may.
    var unready: String? {
        pool.unready ?? needs.lazy.compactMap(\.unready).first
    }

    /// The port that the server listens on; 0 until it does.
    var boundPort: Int {
        get { port.withLock(\.self) }
        set { port.withLock { $0 = newValue } }
    }
}
