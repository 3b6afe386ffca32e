// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient
import Foundation

/// `fleetctl top`.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Shows the servers of a fleet and how busy they are, again and again.",
        discussion: "Where stdout is no terminal, one plain table is printed.")

    @OptionGroup var fleet: FleetOptions

    @Option(help: "Seconds between two looks.")
    var interval = 1.0

    @Option(help: "How many looks (default: until Ctrl-C; 1 where stdout is no terminal).")
    var count: Int?

    func validate() throws {
        guard (0.1...3600).contains(interval) else {
            throw ValidationError("--interval must be from 0.1 to 3600 seconds")
        }
        guard count.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--count must be above 0")
        }
    }

    func run() async throws {
        let client = try fleet.client()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var left = count ?? (isTerminal ? Int.max : 1)
        while left > 0 {
            let frame = try await look(client, isTerminal)
            Data.toStandardOutput(
                isTerminal ? frame.redrawn : frame.lines.map { $0 + "\n" }.joined())
            left -= 1
            if left > 0 { try await Task.sleep(for: .seconds(interval)) }
        }
    }

    private func look(
        _ client: FleetClient, _ isTerminal: Bool
    ) async throws(FleetClientError) -> TopFrame {
        let servers = try await client.servers().servers
        let figures = try await client.clusterMetrics()
        let size = isTerminal ? Self.terminalSize() : (columns: 500, rows: 100_000)
        return TopFrame(servers, figures, columns: size.columns, rows: size.rows)
    }

    private static func terminalSize() -> (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
