// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient

/// `fleetctl servers list`.
struct ServersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the servers of the fleet, by name.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let servers = try await fleet.client().servers().servers
        try output.format.print(servers, table: ServerRows.of)
        if servers.isEmpty { Talk.say("none; start one with GATEWAYS and INTERNAL_API_KEY set") }
    }
}

/// Servers as a table for people.
enum ServerRows {
    /// One line each.
    static func of(_ servers: [ServerResponse]) -> Table {
        Table(
            headings: ["SERVER", "STATUS", "LEASED", "WARM", "WAITING", "REGION", "SEEN", "URL"],
            rows: servers.map { server in
                [
                    server.server, state(server), "\(server.leased)/\(server.capacity)",
                    "\(server.warm)", "\(server.waiting)", server.region ?? "",
                    server.lastSeen?.description ?? "never", server.url,
                ]
            })
    }

    /// How it stands, and why it takes no browsers if it says so: `active, cpu-pressure`.
    static func state(_ server: ServerResponse) -> String {
        guard let refusal = server.refusal, refusal != server.status else { return server.status }
        return "\(server.status), \(refusal)"
    }
}
