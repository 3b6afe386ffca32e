// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI

/// What `fleetctl top` shows at one moment, cut to the size of the terminal.
struct TopFrame: Equatable, Sendable {
    /// The lines, no wider and no more than there is room for.
    let lines: [String]

    /// Lays a moment out.
    ///
    /// - Parameters:
    ///   - servers: the servers, by name.
    ///   - figures: the whole fleet.
    ///   - columns: how wide the terminal is.
    ///   - rows: how high it is.
    init(
        _ servers: [ServerResponse], _ figures: ClusterMetricsResponse, columns: Int, rows: Int
    ) {
        let taking = servers.count { $0.status == "active" && $0.refusal == nil }
        let head = [
            "\(taking) of \(servers.count) servers take browsers, "
                + "\(figures.totalBrowsers) of \(figures.totalCapacity) leases, "
                + "\(figures.waiting) waiting, \(figures.totalConnections) connections, "
                + "advice: \(figures.recommendedAction.rawValue)",
            "",
        ]
        let table = Table(
            headings: [
                "SERVER", "STATUS", "LOAD", "LEASED", "WARM", "WAITING", "CONNECTIONS", "MS",
                "REGION",
            ],
            rows: servers.map(Self.row)
        ).text(bold: false).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
        var lines = head + table
        // The last row of a terminal stays free, or it scrolls.
        let room = max(1, rows - 1)
        if lines.count > room {
            let hidden = lines.count - room + 1
            lines = lines.prefix(room - 1) + ["… \(hidden) more"]
        }
        self.lines = lines.map { String($0.prefix(max(1, columns))) }
    }

    private static func row(_ server: ServerResponse) -> [String] {
        [
            server.server, ServerRows.state(server), bar(server.leased, of: server.capacity),
            "\(server.leased)/\(server.capacity)", "\(server.warm)", "\(server.waiting)",
            "\(server.connections)",
            server.responseTimeMs.map { "\(Int($0.rounded()))" } ?? "", server.region ?? "",
        ]
    }

    /// Ten characters, filled by the share that is used.
    static func bar(_ used: Int, of capacity: Int) -> String {
        let share = capacity > 0 ? min(10, max(0, used * 10 / capacity)) : 0
        return String(repeating: "#", count: share) + String(repeating: ".", count: 10 - share)
    }

    /// What draws the frame over the one before it: from the top, each line to its end, and what is
    /// left below is cleared. Nothing flickers, since nothing is cleared first.
    var redrawn: String {
        "\u{1B}[H" + lines.map { $0 + "\u{1B}[K\r\n" }.joined() + "\u{1B}[J"
    }
}
