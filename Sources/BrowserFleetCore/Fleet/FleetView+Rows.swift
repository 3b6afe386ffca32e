// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A server as it stands at one moment: for answers and for people.
public struct ServerRow: Hashable, Sendable {
    /// The server.
    public var name: ServerName
    /// Where gateways reach it.
    public var endpoint: ServerEndpoint
    /// Whose word it is that there is this server.
    public var origin: ServerEntry.Origin
    /// What counts of what was entered and what it says itself.
    public var fields: ServerFields
    /// What it is thought to be.
    public var standing: ServerStanding
    /// What an operator said of its health.
    public var healthMark: ServerMark
    /// Whether an operator wants it to take no new leases.
    public var isDraining: Bool
    /// Under which epoch it is listened to; `nil` before its first heartbeat.
    public var epoch: ServerEpoch?
    /// Its last report.
    public var report: ServerReport?
    /// When it was last heard of, on the gateway's clock.
    public var heardAt: FleetInstant?
    /// What its checks say.
    public var checks: RiseFall.State
    /// Smoothed time of its answers.
    public var responseTime: Duration
    /// Create calls that this gateway has on their way to it.
    public var inFlight: Int
    /// Leases it could still take, as far as is known.
    public var free: Int
}

extension FleetView {
    /// All servers, in the order of their names.
    public var rows: [ServerRow] {
        table.servers.compactMap { facts in row(of: facts.name) }
    }

    /// How many servers are known.
    public var count: Int { places.count }

    /// One server.
    public func row(of name: ServerName) -> ServerRow? {
        guard let server = server(name) else { return nil }
        return ServerRow(
            name: name, endpoint: server.endpoint, origin: server.origin, fields: server.fields,
            standing: server.standing, healthMark: server.healthMark,
            isDraining: server.isDraining, epoch: server.fence.newest, report: server.report,
            heardAt: server.heardAt, checks: server.checks.state,
            responseTime: server.responseTime, inFlight: server.inFlight,
            free: server.facts.free)
    }
}
