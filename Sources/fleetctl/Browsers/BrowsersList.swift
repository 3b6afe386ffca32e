// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import BrowserFleetAPI
import BrowserFleetClient

/// `fleetctl browsers list`.
struct BrowsersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the browsers your key may see.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "running or ended.")
    var status: BrowserResponse.Status?

    @Option(help: "Only browsers with this name=value; repeatable.")
    var metadata: [String] = []

    func run() async throws {
        let client = try fleet.client()
        var filter = BrowserFilter(status: status, metadata: try MetadataText.pairs(metadata))
        var browsers: [BrowserResponse] = []
        repeat {
            let page = try await client.browsers(filter)
            browsers += page.browsers
            filter.cursor = page.nextCursor
        } while filter.cursor != nil
        try output.format.print(browsers, table: BrowserTable.many)
        if browsers.isEmpty { Talk.say("none; make one with: fleetctl browsers create") }
    }
}

extension BrowserResponse.Status: ExpressibleByArgument {}
