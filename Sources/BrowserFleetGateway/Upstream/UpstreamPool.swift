// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// The HTTP connections to servers of one event loop: those in use and those kept for the next
/// request.
struct UpstreamPool {
    private var open: [ObjectIdentifier: UpstreamConnection] = [:]
    private var kept: [ServerEndpoint: [UpstreamConnection]] = [:]

    /// Every connection, in use or kept.
    var all: [UpstreamConnection] { Array(open.values) }

    /// How many connections are kept for the next request.
    var keptCount: Int { kept.values.reduce(0) { $0 + $1.count } }

    /// Enters a new connection, which is in use.
    mutating func add(_ connection: UpstreamConnection) {
        open[ObjectIdentifier(connection)] = connection
    }

    /// Forgets a connection that is closed, or no longer one of HTTP.
    mutating func remove(_ connection: UpstreamConnection) {
        open[ObjectIdentifier(connection)] = nil
        guard connection.isKept else { return }
        kept[connection.endpoint]?.removeAll { $0 === connection }
        if kept[connection.endpoint]?.isEmpty == true { kept[connection.endpoint] = nil }
    }

    /// Takes the connection that was used last, which is the least likely to be closed meanwhile.
    mutating func take(to endpoint: ServerEndpoint) -> UpstreamConnection? {
        kept[endpoint]?.popLast()
    }

    /// Keeps a connection for the next request.
    ///
    /// - Returns: whether there was room.
    mutating func keep(_ connection: UpstreamConnection, most: Int) -> Bool {
        guard kept[connection.endpoint, default: []].count < most else { return false }
        kept[connection.endpoint, default: []].append(connection)
        return true
    }
}
