// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// `fleetctl id`.
struct IDCommandTests {
    @Test("decode says who owns a browser")
    func decode() throws {
        let id = "server1-scrapingdog-com_a1b2c3d4-e5f6-4789-a012-3456789abcde"
        let report = IDReport(try IDReport.read(id))
        #expect(report.server == "server1.scrapingdog.com")
        #expect(report.local == "a1b2c3d4-e5f6-4789-a012-3456789abcde")
    }

    @Test("encode writes a name as an ID does")
    func encode() throws {
        let report = try IDEncode.report(server: "my-host.example.com", local: "a1")
        #expect(report.id == "my--host-example-com_a1")
    }

    @Test("resolve follows the rules of a gateway")
    func resolve() throws {
        let known = ["server1.a.example=http://10.0.0.1:3000"]
        let direct = try IDResolve.report("server1-a-example_x", servers: known)
        #expect(direct.url == "http://10.0.0.1:3000")
        #expect(direct.by == "directory")
        let fallback = try IDResolve.report("x", servers: known, fallback: "server1.a.example")
        #expect(fallback.by == "fallback")
        let suffix = try IDResolve.report("server7-a-example_x", suffixes: ["a.example"])
        #expect(suffix.url == "https://server7.a.example")
    }

    @Test("an unknown owner is not found, a malformed ID is wrong usage")
    func failures() throws {
        let unknown = #expect(throws: CommandFailure.self) {
            try IDResolve.report("server1-a-example_x")
        }
        #expect(unknown?.status == .notFound)
        let malformed = #expect(throws: CommandFailure.self) { try IDReport.read("a_b_c") }
        #expect(malformed?.status == .usage)
    }
}
