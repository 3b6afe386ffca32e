// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@testable import BrowserFleetHTTP

@Suite("A fleet by a shared store", .serialized)
struct SharedStoreTests {
    private static func with(
        slots: Int = 2,
        _ body: @escaping @Sendable (LocalFleetRig, FleetRecords) async throws -> Void
    ) async throws {
        let records = FleetRecords(FleetStore(MemoryEngine()), serverID: "gateway")
        try await records.serve {
            try await LocalFleetRig.with(nodes: 2, slots: slots, records: records) {
                try await body($0, records)
            }
        }
    }

    /// Waits for what comes through the store.
    private static func wait(until condition: () async throws -> Bool) async throws {
        for _ in 0..<4000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it did not come so far")
    }

    /// Ends a browser at its owner.
    private static func end(_ browser: BrowserResponse, _ rig: LocalFleetRig) throws {
        let owner = try #require(rig.nodes.first { $0.name.text == browser.server })
        owner.pool.end(try BrowserID(decoding: browser.id), .deleted)
    }

    private static func assignment(
        _ rig: LocalFleetRig, _ key: String
    ) async throws -> AssignmentResponse {
        try await rig.call("GET", "/assignments/\(key)").decoded()
    }

    @Test("servers that know no gateway are found by the store, and are given browsers")
    func found() async throws {
        try await Self.with(slots: 4) { rig, records in
            var servers: Set<String> = []
            for _ in 0..<4 { servers.insert(try await rig.create().server) }
            #expect(servers == Set(rig.nodes.map(\.name.text)))
            let list: ServerListResponse = try await rig.call("GET", "/servers").decoded()
            #expect(list.servers.map(\.id) == ["server1", "server2"])
            let kinds = try await records.store.events(after: .origin, limit: 99, within: nil)
                .items.map(\.entry.kind)
            #expect(kinds.count { $0 == .serverRegistered } == 2)
        }
    }

    @Test("a key comes to a server at its first use and stays there; the store says where")
    func sticks() async throws {
        try await Self.with { rig, _ in
            let first = try await rig.create("", #"{"affinityKey":"device-1"}"#)
            let bound = try await Self.assignment(rig, "device-1")
            #expect(bound.server + ".fleet.example" == first.server)
            for _ in 0..<3 {
                let again = try await rig.create("", #"{"affinityKey":"device-1"}"#)
                #expect(again.server == first.server)
                try Self.end(again, rig)
            }
            #expect(try await Self.assignment(rig, "device-1") == bound)
        }
    }

    @Test("a change of a key has to know where it stands, and is audited")
    func changes() async throws {
        try await Self.with { rig, records in
            let put = try await rig.call(
                "PUT", "/assignments/user%2F7", body: #"{"server":"server1"}"#)
            let made: AssignmentResponse = try put.decoded()
            #expect(made.key == "user/7" && made.server == "server1")
            let blind = try await rig.call(
                "PUT", "/assignments/user%2F7", body: #"{"server":"server2"}"#)
            #expect(try blind.problem().code == .assignmentConflict)
            let seen = try await rig.call(
                "PUT", "/assignments/user%2F7",
                body: #"{"server":"server2","epoch":\#(made.epoch)}"#)
            let moved: AssignmentResponse = try seen.decoded()
            #expect(moved.server == "server2" && moved.epoch > made.epoch)
            let unknown = try await rig.call(
                "PUT", "/assignments/x", body: #"{"server":"nobody"}"#)
            #expect(try unknown.problem().code == .unknownServer)
            for _ in 0..<2 {
                let answer = try await rig.call("DELETE", "/assignments/user%2F7")
                #expect(answer.status == 200)
            }
            let gone = try await rig.call("GET", "/assignments/user%2F7")
            #expect(try gone.problem().code == .unknownAssignment)
            let audit = try await records.store.audit(
                before: nil, limit: 9, filter: AuditFilter(action: "assignment."), within: nil)
            #expect(
                audit.items.map(\.entry.action) == [
                    "assignment.removed", "assignment.moved", "assignment.created",
                ])
        }
    }

    @Test("a key is its owner's: others neither see, move, free nor use it")
    func owners() async throws {
        try await Self.with { rig, _ in
            let now = Timestamp(millisecondsSince1970: 0)
            let ann = try rig.ring.create(name: "ann", scopes: [.browsers], createdAt: now).secret
            let bob = try rig.ring.create(name: "bob", scopes: [.browsers], createdAt: now).secret
            let put = try await rig.call(
                "PUT", "/assignments/k", key: ann, body: #"{"server":"server1"}"#)
            let made: AssignmentResponse = try put.decoded()
            let show = try await rig.call("GET", "/assignments/k", key: bob)
            #expect(try show.problem().code == .unknownAssignment)
            for (method, body) in [
                ("PUT", #"{"server":"server2","epoch":\#(made.epoch)}"#), ("DELETE", nil),
            ] {
                let answer = try await rig.call(method, "/assignments/k", key: bob, body: body)
                #expect(try answer.problem().code == .assignmentConflict)
            }
            let use = try await rig.call(
                "POST", "/browsers", key: bob, body: #"{"affinityKey":"k"}"#)
            #expect(try use.problem().code == .assignmentConflict)
            let other = try await rig.call(
                "PUT", "/assignments/l", key: bob, body: #"{"server":"server1","owner":"ann"}"#)
            #expect(try other.problem().code == .forbidden)
            let free = try await rig.call("DELETE", "/assignments/k", key: rig.key)
            #expect(free.status == 200)
        }
    }

    @Test("a server that falls silent for all is lost for the fleet, and its keys move")
    func lost() async throws {
        try await Self.with { rig, records in
            _ = try await rig.call(
                "PUT", "/assignments/device-9", body: #"{"server":"server1"}"#)
            rig.claims[0].cancel()
            rig.gateway.network.remove(rig.nodes[0].endpoint)
            try await Self.wait {
                try await Self.assignment(rig, "device-9").server == "server2"
            }
            let record = try await records.store.server(try ServerID("server1"), within: nil)
            #expect(record?.presence == .lost)
            let kinds = try await records.store.events(after: .origin, limit: 99, within: nil)
                .items.map(\.entry.kind)
            #expect(kinds.contains(.serverLost) && kinds.contains(.assignmentMoved))
        }
    }

    @Test("a server that only the gateway does not reach is not lost for the fleet")
    func cutOff() async throws {
        try await Self.with { rig, records in
            rig.gateway.network.remove(rig.nodes[0].endpoint)
            try await rig.wait { rig.standings[0] == .lost }
            // Longer than the patience of the watch: its heartbeats go on.
            try await Task.sleep(for: .seconds(1))
            let record = try await records.store.server(try ServerID("server1"), within: nil)
            #expect(record?.presence == .active)
        }
    }

    @Test("what operators say of servers stands in the store")
    func operators() async throws {
        try await Self.with { rig, records in
            let added = try await rig.call(
                "POST", "/servers",
                body: #"{"url":"http://10.0.0.9:3000","server":"extra.example","region":"SG"}"#)
            #expect(added.status == 201, "\(added.body)")
            let extra = try ServerID("extra.example")
            #expect(
                try await records.store.server(extra, within: nil)?.fields.region == "SG")
            let again = try await rig.call(
                "POST", "/servers",
                body: #"{"url":"http://10.0.0.9:3000","server":"extra.example"}"#)
            #expect(try again.problem().code == .serverExists)
            let changed = try await rig.call(
                "PATCH", "/servers/extra.example", body: #"{"weight":3,"healthy":false}"#)
            #expect(changed.status == 200)
            let record = try #require(try await records.store.server(extra, within: nil))
            #expect(record.fields.weight == 3 && record.healthMark == .unhealthy)
            #expect(try await rig.call("DELETE", "/servers/extra.example").status == 200)
            #expect(try await records.store.server(extra, within: nil) == nil)
            #expect(try await rig.call("GET", "/servers/extra.example").status == 404)

            #expect(try await rig.call("POST", "/servers/server1/drain").status == 200)
            let first = try ServerID("server1")
            #expect(try await records.store.server(first, within: nil)?.isDraining == true)
            #expect(try await rig.create().server == rig.nodes[1].name.text)
            #expect(try await rig.call("POST", "/servers/server1/activate").status == 200)
            #expect(try await records.store.server(first, within: nil)?.isDraining == false)
        }
    }
}
