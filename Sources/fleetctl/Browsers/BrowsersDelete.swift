// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient

/// `fleetctl browsers delete`.
struct BrowsersDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Ends browsers. Doing it twice is no error.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The browsers' IDs.")
    var ids: [String]

    func run() async throws {
        let client = try fleet.client()
        var answers: [DeleteBrowserResponse] = []
        for id in ids { answers.append(try await client.deleteBrowser(id)) }
        try output.format.print(answers) { answers in
            Table(headings: ["ID", "REASON"], rows: answers.map { [$0.id, $0.reason] })
        }
    }
}
