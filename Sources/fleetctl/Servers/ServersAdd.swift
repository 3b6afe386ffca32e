// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient

/// `fleetctl servers add`.
struct ServersAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a server by hand; it is asked until it answers.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Where gateways reach it, such as https://server1.example.com.")
    var serverURL: String

    @Option(help: "The server name (default: the URL's host).")
    var server: String?

    @Option(help: "The name that people see.")
    var name: String?

    @Option(help: "Its kind: vps, cloud, dedicated or the like.")
    var type: String?

    @Option(help: "Where it is.")
    var region: String?

    @Option(help: "Leases it may have at most.")
    var capacity: Int?

    @Option(help: "Higher is preferred.")
    var priority: Int?

    @Option(help: "Its share of new browsers.")
    var weight: Int?

    @Flag(help: "Use it only when no other server can.")
    var backup = false

    func run() async throws {
        var request = ServerRequest()
        request.url = serverURL
        request.server = server
        request.name = name
        request.type = type
        request.region = region
        request.capacity = capacity
        request.priority = priority
        request.weight = weight
        request.backup = backup ? true : nil
        let added = try await fleet.client().addServer(request)
        try output.format.print([added], table: ServerRows.of)
    }
}
