// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@testable import BrowserFleetHTTP

// One fleet after the other: each is many servers that report ten times a second.
@Suite("a gateway and its servers are one fleet", .serialized)
struct FleetTests {
    @Test("creates go to the servers in turn, and the answer names owner and gateway")
    func placed() async throws {
        try await LocalFleetRig.with { rig in
            var owners: Set<String> = []
            for _ in 1...3 {
                let browser = try await rig.create()
                owners.insert(browser.server)
                let id = try BrowserID(decoding: browser.id)
                #expect(id.server?.text == browser.server)
                #expect(browser.wss?.hasPrefix("ws://127.0.0.1:\(rig.port)/browsers/") == true)
            }
            #expect(owners.count == 3)
        }
    }

    @Test("the answer explains itself when asked")
    func explained() async throws {
        try await LocalFleetRig.with { rig in
            let browser = try await rig.create("?explain=true")
            #expect(browser.placement?.strategy == "least-loaded")
            #expect(browser.placement?.considered.count == 3)
            #expect(browser.placement?.attempts.map(\.outcome) == ["made"])
            let silent = try await rig.create()
            #expect(silent.placement == nil)
        }
    }

    @Test("full is not broken: a call waits, and takes the first server with room")
    func waits() async throws {
        try await LocalFleetRig.with { rig in
            let first = try await rig.create()
            for _ in 2...3 { _ = try await rig.create() }
            async let fourth = rig.create()
            try await rig.wait { rig.gateway.driver.waiting == 1 }
            #expect(rig.standings == [.active, .active, .active])
            let owner = try #require(rig.nodes.first { $0.name.text == first.server })
            owner.pool.end(try BrowserID(decoding: first.id), .deleted)
            #expect(try await fourth.server == first.server)
        }
    }

    @Test("a call whose patience is over hears that all were full")
    func timesOut() async throws {
        try await LocalFleetRig.with(nodes: 1) { rig in
            _ = try await rig.create()
            let answer = try await rig.call("POST", "/browsers", body: #"{"queueTimeoutMs":50}"#)
            #expect(try answer.problem().code == .queueTimeout)
            #expect(answer["retry-after"] != nil)
        }
    }

    @Test("a server that cannot be reached is passed over within the same call")
    func retried() async throws {
        try await LocalFleetRig.with { rig in
            for node in rig.nodes.dropLast() { rig.gateway.network.remove(node.endpoint) }
            let browser = try await rig.create("?explain=true")
            #expect(browser.server == rig.nodes.last?.name.text)
            #expect(browser.placement?.attempts.last?.outcome == "made")
            let metrics = try await rig.call("GET", "/metrics").body
            #expect(metrics.contains(#"browserfleet_placed_creates_total{outcome="made"} 1"#))
            #expect(metrics.contains(#"browserfleet_create_attempts_total{outcome="made"} 1"#))
            #expect(metrics.contains("browserfleet_fleet_waiting_callers 0"))
        }
    }

    @Test("a refusal of the call itself is the server's own, and no other server is asked")
    func rejected() async throws {
        try await LocalFleetRig.with { rig in
            let answer = try await rig.call(
                "POST", "/browsers?explain=true", body: #"{"args":["--no-such-switch"]}"#)
            #expect(try answer.problem().code == .invalidArgument)
            let posts = rig.gateway.network.calls.filter { $0.path == "/browsers" }
            #expect(posts.count == 1)
        }
    }

    @Test("a drained server gets no browsers until it is activated")
    func drained() async throws {
        try await LocalFleetRig.with(nodes: 2) { rig in
            let name = rig.nodes[0].name
            #expect(try await rig.call("POST", "/servers/\(name)/drain").status == 200)
            #expect(rig.standings[0] == .draining)
            #expect(try await rig.create().server == rig.nodes[1].name.text)
            #expect(try await rig.call("POST", "/servers/\(name)/activate").status == 200)
            try await rig.wait { rig.standings[0] == .active }
            #expect(try await rig.create().server == name.text)
        }
    }

    @Test("what an operator says at one gateway reaches the server, and through it every other")
    func told() async throws {
        try await LocalFleetRig.with(nodes: 1) { rig in
            let node = rig.nodes[0]
            #expect(try await rig.call("POST", "/servers/\(node.name)/drain").status == 200)
            try await rig.wait { node.driver.ownReport().reason == "draining" }
            // As the answer of another gateway would.
            node.driver.mark(node.name, .activate)
            try await rig.wait { rig.standings == [.active] }
            node.driver.mark(node.name, .drain)
            try await rig.wait { rig.standings == [.draining] }
            #expect(try await rig.call("POST", "/servers/\(node.name)/activate").status == 200)
            try await rig.wait { node.driver.ownReport().isAccepting }
        }
    }

    @Test("a lost server's browsers are gone, and it comes back")
    func lost() async throws {
        try await LocalFleetRig.with { rig in
            let browser = try await rig.create()
            let place = try #require(rig.nodes.firstIndex { $0.name.text == browser.server })
            let node = rig.nodes[place]
            node.network.remove(rig.gateway.endpoint)
            rig.gateway.network.remove(node.endpoint)
            try await rig.wait { rig.standings[place] == .lost }
            let shown = try await rig.call("GET", "/browsers/\(browser.id)")
            #expect(try shown.problem().code == .serverLost)
            let deleted = try await rig.call("DELETE", "/browsers/\(browser.id)")
            #expect(deleted.status == 200)
            #expect(try deleted.decoded(as: DeleteBrowserResponse.self).reason == "server-lost")
            let owner: ResolveResponse = try await rig.call("GET", "/resolve/\(browser.id)")
                .decoded()
            #expect(owner.standing == .lost)
            let port = try await node.server.boundPort
            rig.gateway.network.serve(node.endpoint, LocalFleetRig.way(to: port))
            node.network.serve(rig.gateway.endpoint, LocalFleetRig.way(to: rig.port))
            try await rig.wait { rig.standings[place] == .active }
        }
    }

    @Test("who answers in a server's place is not taken for it")
    func stranger() async throws {
        try await LocalFleetRig.with(nodes: 2) { rig in
            // The first is gone, and the second has its address.
            let port = try await rig.nodes[1].server.boundPort
            rig.nodes[0].network.remove(rig.gateway.endpoint)
            rig.gateway.network.serve(rig.nodes[0].endpoint, LocalFleetRig.way(to: port))
            try await rig.wait { rig.standings == [.lost, .active] }
            #expect(try await rig.create().server == rig.nodes[1].name.text)
        }
    }

    @Test("the list is that of all servers, and says whose is missing")
    func listed() async throws {
        try await LocalFleetRig.with { rig in
            var made: [String] = []
            for _ in 1...3 { made.append(try await rig.create().id) }
            let whole: BrowserListResponse = try await rig.call("GET", "/browsers").decoded()
            #expect(Set(whole.browsers.map(\.id)) == Set(made) && whole.partial == nil)
            var pages: [String] = []
            var query = "?limit=1"
            while pages.count < 4 {
                let page: BrowserListResponse = try await rig.call("GET", "/browsers" + query)
                    .decoded()
                pages += page.browsers.map(\.id)
                guard let cursor = page.nextCursor else { break }
                query = "?limit=1&cursor=\(cursor)"
            }
            #expect(pages == whole.browsers.map(\.id))
            rig.gateway.network.remove(rig.nodes[1].endpoint)
            let rest: BrowserListResponse = try await rig.call("GET", "/browsers").decoded()
            #expect(rest.browsers.count == 2 && rest.partial == true)
            #expect(rest.unanswered == [rig.nodes[1].name.text])
        }
    }

    @Test("an ID of nobody is owned by nobody")
    func unknown() async throws {
        try await LocalFleetRig.with(nodes: 1) { rig in
            for path in ["/browsers/server9-fleet-example_1", "/resolve/server9-fleet-example_1"] {
                let answer = try await rig.call("GET", path)
                #expect(try answer.problem().code == .ownerUnknown)
            }
        }
    }

    @Test("the registry is shown and changed, and only by hand what was added by hand")
    func registry() async throws {
        try await LocalFleetRig.with(nodes: 1) { rig in
            let list: ServerListResponse = try await rig.call("GET", "/servers").decoded()
            #expect(list.servers.map(\.id) == ["server1"])
            let body = #"{"url":"http://server7.fleet.example","region":"eu","capacity":5}"#
            let added = try await rig.call("POST", "/servers", body: body)
            #expect(added.status == 201)
            #expect(try added.decoded(as: ServerResponse.self).status == "never-connected")
            let again = try await rig.call("POST", "/servers", body: body)
            #expect(try again.problem().code == .serverExists)
            let path = "/servers/server7.fleet.example"
            let changed = try await rig.call("PATCH", path, body: #"{"priority":7}"#)
            let server: ServerResponse = try changed.decoded()
            #expect(server.priority == 7 && server.region == "eu" && server.capacity == 5)
            #expect(try await rig.call("DELETE", path).status == 200)
            #expect(try await rig.call("GET", path).problem().code == .unknownServer)
            let own = try await rig.call(
                "PATCH", "/servers/server1.fleet.example", body: #"{"weight":3}"#)
            let reporting: ServerResponse = try own.decoded()
            #expect(reporting.weight == 3 && reporting.origin == "registered")
        }
    }

    @Test("the figures of the fleet are those of its servers")
    func cluster() async throws {
        try await LocalFleetRig.with(slots: 2) { rig in
            _ = try await rig.create()
            let figures: @Sendable () async throws -> ClusterMetricsResponse = {
                try await rig.call("GET", "/cluster/metrics").decoded()
            }
            // A report that was on its way when the browser was made may come after it.
            try await rig.wait { try await figures().averageLoad == 0.16 }
            let metrics = try await figures()
            #expect(metrics.totalServers == 3 && metrics.totalCapacity == 6)
            #expect(metrics.recommendedAction == .maintain)
            let status: ClusterStatusResponse = try await rig.call("GET", "/cluster/status")
                .decoded()
            #expect(status.status == .healthy && status.clusterSize == 3)
        }
    }

    @Test("nobody else can report a server", arguments: [nil, "X-Fleet-Signature: 1 2 - AAAA"])
    func forged(_ header: String?) async throws {
        try await LocalFleetRig.with(nodes: 1) { rig in
            for path in ["/internal/heartbeat", "/internal/goodbye"] {
                let answer = try await rig.call(
                    "POST", path, headers: header.map { [$0] } ?? [], body: "{}")
                #expect(answer.status == 401)
            }
        }
    }
}
