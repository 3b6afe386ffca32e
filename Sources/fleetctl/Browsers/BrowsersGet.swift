// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetClient

/// `fleetctl browsers get`.
struct BrowsersGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Shows one browser.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The browser's ID.")
    var id: String

    func run() async throws {
        try output.format.print(try await fleet.client().browser(id), table: BrowserTable.one)
    }
}
