// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient
import Foundation

/// `fleetctl events`.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Shows what happens in the fleet.",
        discussion: """
            Without --follow it shows what is kept and ends. With it, it shows what comes, and \
            connects again by itself where it was.
            """)

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Show what comes, until you end it.")
    var follow = false

    @Option(help: "Begin behind this event ID, or at this time (ISO 8601, UTC).")
    var since: String?

    @Option(
        name: .customLong("type"),
        help: "Only these, such as server.lost; server. is all that begin so; repeatable.")
    var types: [String] = []

    func run() async throws {
        let client = try fleet.client()
        var query = EventQuery(since: since, types: types, follows: follow)
        var heard = false
        while true {
            do {
                for try await item in client.events(query) {
                    heard = true
                    try show(item, &query)
                }
            } catch let error as FleetClientError where error.code == .unreachable && heard {
                Talk.warning(error.message)
            }
            guard follow else { return }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func show(_ item: EventItem, _ query: inout EventQuery) throws {
        switch item {
        case .event(let event):
            query.since = event.id
            Data.toStandardOutput(try EventLine.text(event, output.format))
        case .gap(let notice), .end(let notice): Talk.warning(notice.detail)
        }
    }
}
