// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The version of this program.
enum Version {
    /// By semantic versioning.
    static let number = "0.1.0"

    /// As `--version` prints it.
    static let text = "fleetctl \(number)"
}

/// `fleetctl version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the version.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        try output.format.print(VersionReport(version: Version.number)) { Table(pairs: $0.pairs) }
    }
}

/// What `fleetctl version` says.
struct VersionReport: Encodable, Equatable {
    /// By semantic versioning.
    var version: String

    /// For people.
    var pairs: [(String, String)] { [("version", version)] }
}
