// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetCore

/// `fleetctl id encode`.
struct IDEncode: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode", abstract: "Makes the ID of a browser of a server.")

    @OptionGroup var output: OutputOptions

    @Argument(help: "The server's DNS name.")
    var server: String

    @Option(help: "What stands behind the underscore (default: a new UUID).")
    var local: String?

    func run() throws {
        let report = try Self.report(server: server, local: local)
        try output.format.print(report) { Table(headings: [], rows: [[$0.id]]) }
        let warnings = (try? ServerName(server))?.warnings ?? []
        for warning in warnings { Talk.warning(warning.description) }
    }

    /// The ID of a browser; without `local` of a new one.
    static func report(server: String, local: String?) throws(CommandFailure) -> IDReport {
        do {
            let name = try ServerName(server)
            var generator = SystemRandomNumberGenerator()
            let id =
                try local.map { try BrowserID(server: name, local: $0) }
                ?? BrowserID.mint(server: name, using: &generator)
            return IDReport(id)
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }
}
