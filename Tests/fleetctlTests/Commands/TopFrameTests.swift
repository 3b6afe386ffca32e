// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Testing

@testable import fleetctl

/// `fleetctl top`.
struct TopFrameTests {
    private static func frame(
        _ count: Int, columns: Int = 200, rows: Int = 50, refusal: String? = nil
    ) -> TopFrame {
        let servers = (1...count).map { number in
            var server = ServerResponse(
                id: "server\(number)", server: "server\(number).example.com",
                url: "http://10.0.0.\(number)", origin: "registered",
                status: number == 1 ? "lost" : "active")
            (server.leased, server.capacity) = (number, 10)
            if number == 2 { server.refusal = refusal }
            return server
        }
        let figures = ClusterMetricsResponse(
            totalServers: count, totalConnections: 7, averageLoad: 0.5,
            recommendedAction: .maintain, totalBrowsers: 5, totalCapacity: 10, waiting: 2,
            timestamp: Timestamp(millisecondsSince1970: 0))
        return TopFrame(servers, figures, columns: columns, rows: rows)
    }

    @Test("a line for the fleet, a heading, a line for each server")
    func content() {
        let lines = Self.frame(3).lines
        #expect(lines.count == 6)
        #expect(lines[0].hasPrefix("2 of 3 servers take browsers, 5 of 10 leases, 2 waiting"))
        #expect(lines[3].contains("server1.example.com  lost"))
        #expect(lines[5].contains("###.......  3/10"))
    }

    @Test("a server that refuses takes no browsers, though it is active")
    func refusing() {
        let lines = Self.frame(3, refusal: "cpu-pressure").lines
        #expect(lines[0].hasPrefix("1 of 3 servers take browsers"))
        #expect(lines[4].contains("active, cpu-pressure"))
    }

    @Test("never more than the terminal holds", arguments: [(20, 10), (80, 24), (1, 2)])
    func bounds(_ columns: Int, _ rows: Int) {
        let frame = Self.frame(64, columns: columns, rows: rows)
        #expect(frame.lines.count <= max(1, rows - 1))
        #expect(frame.lines.allSatisfy { $0.count <= columns })
        if rows > 3 { #expect(frame.lines.last?.hasPrefix("… ") == true) }
    }

    @Test(
        "the bar is filled by the share",
        arguments: [(0, 10, 0), (5, 10, 5), (9, 9, 10), (1, 0, 0), (20, 10, 10)])
    func bar(_ used: Int, _ capacity: Int, _ filled: Int) {
        let bar = TopFrame.bar(used, of: capacity)
        #expect(bar.count == 10 && bar.count { $0 == "#" } == filled)
    }
}
