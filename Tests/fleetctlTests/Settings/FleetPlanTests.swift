// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import Testing

@testable import fleetctl

/// The settings of a fleet, put into the driver's words.
struct FleetPlanTests {
    private static let key = "0123456789abcdef"

    private static func plan(
        _ environment: [String: String], _ configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) throws -> FleetPlan {
        var http = HTTPConfiguration(port: 3000, serverID: "sg-1")
        configure(&http)
        return try FleetPlan(
            try SettingsSources.fixture(environment: environment).resolved(),
            name: ServerName("server1.example.com"), id: ServerID("sg-1"), http: http,
            pool: PoolConfiguration(maxBrowsers: 1), drainTimeout: .seconds(60))
    }

    @Test(
        "gateways reach a server by what it says, or by how it listens",
        arguments: [
            (["SERVER_URL": "https://a.example:8443"], "0.0.0.0", nil, "https://a.example:8443"),
            ([:], "0.0.0.0", "https://b.example", "https://b.example"),
            ([:], "0.0.0.0", "https://b.example/prefix", "http://server1.example.com:3000"),
            ([:], "0.0.0.0", nil, "http://server1.example.com:3000"),
            ([:], "127.0.0.1", nil, "http://127.0.0.1:3000"),
        ] as [([String: String], String, String?, String)])
    func endpoint(
        _ environment: [String: String], _ host: String, _ publicURL: String?, _ url: String
    ) throws {
        let plan = try Self.plan(environment) { http in
            http.host = host
            http.publicURL = publicURL
        }
        #expect(plan.driver.own.endpoint.description == url)
    }

    @Test("servers are named by their host or in front of their URL")
    func servers() throws {
        let plan = try Self.plan([
            "INTERNAL_API_KEY": Self.key,
            "SERVERS": "https://server2.example.com, server3.example.com=http://10.0.0.3:3000",
        ])
        #expect(
            plan.driver.servers.map { "\($0.name) \($0.endpoint)" } == [
                "server2.example.com https://server2.example.com",
                "server3.example.com http://10.0.0.3:3000",
            ])
    }

    @Test("times are those of the settings, and a lost server is known in four thirds of one")
    func rhythm() throws {
        let limits = try Self.plan([
            "HEARTBEAT_INTERVAL": "30000", "FAILURE_DETECTION_TIMEOUT": "90000",
            "HEALTH_CHECK_INTERVAL": "30s", "HEALTH_CHECK_TIMEOUT": "5s",
        ]).driver.limits
        #expect(limits.silence.timeout == .seconds(90))
        #expect(limits.checkInterval == .seconds(30) && limits.checkTimeout == .seconds(5))
        #expect(try Self.plan([:]).driver.limits.silence.probeTimeout == .seconds(3) / 9)
    }

    @Test(
        "what cannot work stops the start",
        arguments: [
            (["GATEWAYS": "http://g"], "GATEWAYS needs INTERNAL_API_KEY"),
            (["SERVERS": "http://g"], "SERVERS needs INTERNAL_API_KEY"),
            (["ROLE": "gateway"], "ROLE=gateway needs INTERNAL_API_KEY"),
            (["INTERNAL_API_KEY": "short"], "INTERNAL_API_KEY must have"),
            (["GATEWAYS": "g:3000", "INTERNAL_API_KEY": key], "GATEWAYS is \"g:3000\""),
            (["SERVERS": "a_b=http://h", "INTERNAL_API_KEY": key], "SERVERS: "),
            (["SERVER_LABELS": "fast"], "SERVER_LABELS: \"fast\""),
            (["DOMAIN_SUFFIX": "a_b"], "DOMAIN_SUFFIX: "),
            (["HEARTBEAT_INTERVAL": "3000"], "FAILURE_DETECTION_TIMEOUT must be longer"),
        ])
    func refused(_ environment: [String: String], _ beginning: String) {
        let problem = #expect(throws: SettingsProblem.self) { try Self.plan(environment) }
        #expect(problem?.description.hasPrefix(beginning) == true, "\(String(describing: problem))")
    }
}
