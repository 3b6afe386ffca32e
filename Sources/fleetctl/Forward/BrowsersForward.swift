// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient
import BrowserFleetCore
import Foundation

/// `fleetctl browsers forward`.
struct BrowsersForward: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward",
        abstract: "Opens a local port that looks like one Chromium's debugging port.",
        discussion: """
            For tools that take only a host and a port: chrome://inspect, chromedriver's \
            debuggerAddress, zendriver. Everybody on this machine can use the port while it is \
            open.
            """)

    @OptionGroup var fleet: FleetOptions

    @Argument(help: "The browser's ID.")
    var id: String

    @Option(help: "The local port; 0 takes a free one.")
    var port = 9222

    func run() async throws {
        let access = try fleet.access()
        let browser = try IDReport.read(id)
        let running = try await access.client().browser(browser.text)
        guard running.wss != nil else {
            throw CommandFailure(
                .notFound, "\(id) has ended: \(running.endReason ?? "unknown")",
                next: "fleetctl browsers create")
        }
        let server = try ForwardServer(browser: browser, access: access)
        try await server.run(port: port) { port in
            Data.toStandardOutput("127.0.0.1:\(port)\n")
            Talk.say("Ctrl-C closes it; the browser lives on")
        }
    }
}
