// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// The tunnels of one event loop.
///
/// Holds them: a tunnel lives from its making until it is cut.
struct TunnelList {
    private var tunnels: [Tunnel] = []

    /// How many there are.
    var count: Int { tunnels.count }

    /// Enters a tunnel.
    mutating func add(_ tunnel: Tunnel) {
        tunnel.place = tunnels.count
        tunnels.append(tunnel)
    }

    /// Takes a tunnel out; the last one takes its place.
    mutating func remove(_ tunnel: Tunnel) {
        guard tunnel.place < tunnels.count, tunnels[tunnel.place] === tunnel else { return }
        tunnels.swapAt(tunnel.place, tunnels.count - 1)
        tunnels[tunnel.place].place = tunnel.place
        tunnels.removeLast()
    }

    /// The tunnels to one server, or all: a copy, which stays as it is while tunnels end.
    func all(to server: ServerName? = nil) -> [Tunnel] {
        guard let server else { return tunnels }
        return tunnels.filter { $0.server == server }
    }
}
