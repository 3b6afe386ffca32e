// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `fleetctl id decode`.
struct IDDecode: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Says which server owns a browser.")

    @OptionGroup var output: OutputOptions

    @Argument(help: "The browser's ID.")
    var id: String

    func run() throws {
        try output.format.print(IDReport(try IDReport.read(id)), table: \.table)
    }
}
