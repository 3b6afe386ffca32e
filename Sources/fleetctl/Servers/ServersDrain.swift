// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetClient

/// `fleetctl servers drain`.
struct ServersDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Gives a server no new browsers; those it has live on.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The server's name or ID.")
    var server: String

    func run() async throws {
        let drained = try await fleet.client().drainServer(server)
        try output.format.print([drained], table: ServerRows.of)
    }
}

/// `fleetctl servers activate`.
struct ServersActivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Gives a server new browsers again.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The server's name or ID.")
    var server: String

    func run() async throws {
        let active = try await fleet.client().activateServer(server)
        try output.format.print([active], table: ServerRows.of)
    }
}

/// `fleetctl servers remove`.
struct ServersRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forgets a server; one that still reports itself comes back.")

    @OptionGroup var fleet: FleetOptions

    @Argument(help: "The server's name or ID.")
    var server: String

    func run() async throws {
        _ = try await fleet.client().removeServer(server)
        Talk.say("\(server) is forgotten")
    }
}
