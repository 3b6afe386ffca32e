// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime

extension FleetService {
    /// Where a client that named `authority` reaches this server.
    func reach(_ authority: String?) -> PublicURL {
        if let url = configuration.publicURL.flatMap(PublicURL.init) { return url }
        return PublicURL(
            isSecure: origin.isSecure ?? (configuration.tls != nil),
            authority: authority ?? "\(configuration.host):\(boundPort)", prefix: origin.prefix)
    }

    /// The URL of a browser's socket, with a token in it.
    func socketURL(
        of id: BrowserID, scope: TokenScope, expiresAt: Timestamp, authority: String?
    ) -> (url: String, token: String) {
        let token = authenticator.tokens.token(for: id, scope: scope, expiresAt: expiresAt)
        return (reach(authority).socket("/browsers/\(id)?token=\(token)"), token)
    }

    /// A browser as the API shows it.
    func describe(_ record: BrowserRecord, authority: String?) -> BrowserResponse {
        let expiresAt = Timestamp(millisecondsSince1970: record.expiresAt)
        let created = Timestamp(millisecondsSince1970: record.createdAt)
        let browser = record.end == nil ? pool.lease(record.id)?.browser : nil
        let traffic = record.end?.traffic ?? browser?.traffic ?? BrowserTraffic()
        let url = socketURL(
            of: record.id, scope: .control, expiresAt: expiresAt, authority: authority
        ).url
        return BrowserResponse(
            id: record.id.text, wss: record.end == nil ? url : nil, expiresAt: expiresAt,
            server: pool.serverName.text, status: record.end == nil ? .running : .ended,
            start: Self.start(record.start), createdAt: created,
            headful: record.properties.headful, connections: record.connections,
            bytesIn: traffic.bytesIn, bytesOut: traffic.bytesOut,
            refusedConnections: traffic.refused,
            idleMs: idle(record, browser?.lastActivity),
            metadata: record.metadata,
            endedAt: record.end.map { Timestamp(millisecondsSince1970: $0.at) },
            endReason: record.end?.reason.rawValue)
    }

    private func idle(_ record: BrowserRecord, _ last: FleetInstant?) -> Int64 {
        if let last { return max(0, last.duration(to: pool.clock.now).wholeMilliseconds) }
        let end = record.end?.at ?? Self.wallTime().millisecondsSince1970
        return max(0, end - record.createdAt)
    }

    private static func start(_ start: Grant.Start) -> BrowserResponse.Start {
        switch start {
        case .warm: .warm
        case .cold: .cold
        }
    }
}
