// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// `fleetctl nginx-config` and `haproxy-config`; `test_raw_balancers.py` runs what they write.
struct BalancerPlanTests {
    private static let three = [
        "server2.example.com=http://10.0.0.2:3000",
        "my-host.example.com=http://[fd00::1]:3000",
        "server1.example.com=http://10.0.0.1",
    ]

    @Test("servers stand by name, each under its prefix and with its port")
    func servers() throws {
        let plan = try BalancerOptions.plan(Self.three)
        #expect(
            plan.servers.map(\.prefix) == [
                "my--host-example-com", "server1-example-com", "server2-example-com",
            ])
        #expect(
            plan.servers.map(\.authority) == ["[fd00::1]:3000", "10.0.0.1:80", "10.0.0.2:3000"])
    }

    @Test("both texts send each ID to its server, and IDs of nobody to no server")
    func routing() throws {
        let plan = try BalancerOptions.plan(Self.three)
        let (nginx, haproxy) = (NginxText.of(plan), HAProxyText.of(plan))
        for server in plan.servers {
            #expect(nginx.contains("devtools/browser)/\(server.prefix)_ fleet_\(server.prefix);"))
            #expect(haproxy.contains("path_beg /browsers/\(server.prefix)_ /devtools/browser/"))
            #expect(haproxy.contains("backend fleet_\(server.prefix)\n"))
        }
        #expect(nginx.contains(#"[^/]*_ "";"#))
        #expect(haproxy.contains("names_a_server !owner_my--host-example-com"))
    }

    @Test(
        "servers that make no balancer are refused",
        arguments: [
            [], ["a.example"], ["a_b=http://h"], ["a.example=http://h", "a.example=http://i"],
            ["a.example=http://h", "b.example=https://i"], ["a.example=http://h;x"],
        ])
    func refused(_ servers: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try BalancerOptions.plan(servers) }
        #expect(failure?.status == .usage)
    }

    @Test(
        "a word that would say something else in a configuration is refused",
        arguments: [("80; return 200", "a"), ("80", "a b"), ("80", ""), ("", "a")])
    func refused(_ listen: String, _ name: String) {
        let failure = #expect(throws: CommandFailure.self) {
            try BalancerOptions.plan(["a.example=http://h"], listen: listen, names: [name])
        }
        #expect(failure?.status == .usage)
    }
}
