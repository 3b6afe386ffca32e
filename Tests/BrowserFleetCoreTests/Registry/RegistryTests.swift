// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("The registry of servers")
struct RegistryTests {
    @Test("a newer process of a name fences the older one, which is told by its next heartbeat")
    func fencing() throws {
        var rig = RegistryRig()
        let old = try rig.register("server-1", process: 1)
        let new = try rig.register("server-1", process: 2)
        #expect(new.number > old.number)
        #expect(throws: StoreRefusal.fenced(by: new)) { try rig.beat("server-1", old, 1) }
        #expect(try rig.beat("server-1", new, 1) == .init(isDraining: false))
        #expect(rig.events == ["server.registered", "server.fenced", "server.registered"])
        #expect(rig.audit == rig.events)
    }

    @Test("a process that does not know who holds the name does not take it")
    func comparesAndSets() throws {
        var rig = RegistryRig()
        let old = try rig.register("server-1", process: 1)
        let new = try rig.register("server-1", process: 2)
        for instead in [old, nil] {
            #expect(throws: StoreRefusal.nameChanged(to: new)) {
                try rig.write("server-1", old, instead: instead)
            }
        }
        let lower = ServerEpoch(number: new.number, process: RegistryRig.process(3))
        #expect(throws: StoreRefusal.fenced(by: new)) {
            try rig.write("server-1", lower, instead: new)
        }
    }

    @Test("a claim that holds the name understands what the registry refuses")
    func claimEvents() throws {
        var rig = RegistryRig()
        let held = try rig.register("server-1", process: 1)
        let newer = try rig.register("server-1", process: 2)
        let table: [(StoreRefusal, NameClaim.State, [NameClaim.Action])] = [
            (.fenced(by: newer), .fenced, [.stop]),
            (.nameChanged(to: newer), .fenced, [.stop]),
            (.nameChanged(to: nil), .holding, [.write(held, instead: nil)]),
            (.notRegistered(try ServerID("server-1")), .holding, [.write(held, instead: nil)]),
        ]
        for (refusal, state, actions) in table {
            var claim = NameClaim(process: held.process)
            _ = claim.handle(.started(persisted: nil), at: .origin, unixMilliseconds: rig.now)
            _ = claim.handle(.read(held), at: .origin, unixMilliseconds: rig.now)
            let event = try #require(refusal.claimEvent)
            #expect(claim.handle(event, at: .origin, unixMilliseconds: rig.now) == actions)
            #expect(claim.state == state)
        }
        #expect(StoreRefusal.noServer.claimEvent == nil)
    }

    @Test("registering again under the same epoch answers the same and says nothing")
    func repeated() throws {
        var rig = RegistryRig()
        let first = try rig.register("server-1")
        rig.now += 10
        #expect(try rig.write("server-1", first, instead: nil) == .init(isDraining: false))
        #expect(rig.events == ["server.registered"])
    }

    @Test("a name is fenced under another server ID too")
    func nameUnderAnotherID() throws {
        var rig = RegistryRig()
        let old = try rig.register("server-1", process: 1)
        let new = try rig.register("server-2", process: 2)
        #expect(throws: StoreRefusal.fenced(by: new)) { try rig.beat("server-1", old, 1) }
        #expect(try rig.record("server-1")?.presence == .lost)
        #expect(throws: StoreRefusal.nameChanged(to: new)) {
            try rig.write("server-1", old, instead: old)
        }
    }

    @Test("a server ID has one process too, under whatever names: the newer one")
    func oneProcessAnID() throws {
        var rig = RegistryRig()
        let old = try rig.register("server-1", name: "one.example.com", process: 1)
        rig.now -= 500
        let new = try rig.register("server-1", name: "two.example.com", process: 2)
        #expect(new.number > old.number)
        #expect(throws: StoreRefusal.fenced(by: new)) { try rig.beat("server-1", old, 1) }
        #expect(try rig.record("server-1")?.serverName?.text == "two.example.com")
    }

    @Test("after the store lost its data the same process registers again under its epoch")
    func lostStore() throws {
        var rig = RegistryRig()
        rig.now = 500
        let before = try rig.register("server-1", persisted: 2000)
        #expect(before.number == 2001)
        rig.model = StoreModel()
        #expect(throws: StoreRefusal.notRegistered(try ServerID("server-1"))) {
            try rig.beat("server-1", before, 7)
        }
        try rig.write("server-1", before, instead: nil)
        #expect(try rig.record("server-1")?.epoch == before)
    }

    @Test("the entry of a name is not forgotten with the server's record")
    func entryOutlivesRecord() throws {
        var rig = RegistryRig()
        let old = try rig.register("server-1", persisted: 5_000_000)
        #expect(try rig.model.run(RemoveServer(server: ServerID("server-1"), stamp: rig.stamp)))
        #expect(try rig.record("server-1") == nil)
        try rig.write("server-1", old, instead: nil)
        #expect(try rig.record("server-1")?.epoch == old)
        #expect(try rig.model.run(RemoveServer(server: ServerID("server-1"), stamp: rig.stamp)))
        #expect(try rig.register("server-1", process: 2).number > old.number)
    }

    @Test("a heartbeat that comes late changes nothing")
    func lateHeartbeat() throws {
        var rig = RegistryRig()
        let epoch = try rig.register("server-1")
        _ = try rig.beat("server-1", epoch, 5)
        rig.now += 100
        _ = try rig.beat("server-1", epoch, 4)
        #expect(try rig.record("server-1")?.sequence == 5)
        #expect(try rig.record("server-1")?.lastSeen == 1_000_000)
    }

    @Test("a server that was heard meanwhile is not lost")
    func heardMeanwhile() throws {
        var rig = RegistryRig()
        let epoch = try rig.register("server-1")
        _ = try rig.beat("server-1", epoch, 1)
        #expect(try rig.lose("server-1", epoch, 0) == false)
        #expect(try rig.lose("server-1", epoch, 1) == true)
        #expect(try rig.record("server-1")?.presence == .lost)
        _ = try rig.beat("server-1", epoch, 2)
        #expect(try rig.record("server-1")?.presence == .active)
        #expect(rig.events == ["server.registered", "server.lost", "server.returned"])
    }

    @Test("a server entered by hand has never connected, until its process comes")
    func entered() throws {
        var rig = RegistryRig()
        var fields = ServerFields()
        fields.name = "Server Singapore 1"
        fields.url = "https://one.example.com"
        fields.capacity = 50
        let id = try ServerID("server-sg-1")
        let record = try rig.model.run(EnterServer(server: id, fields: fields, stamp: rig.stamp))
        #expect(record.presence == .neverConnected)
        #expect(record.presence.rawValue == "never-connected")
        #expect(record.serverName?.text == "one.example.com")
        #expect(throws: StoreRefusal.serverExists(id)) {
            try rig.model.run(EnterServer(server: id, fields: fields, stamp: rig.stamp))
        }
        _ = try rig.register("server-sg-1", name: "two.example.com")
        #expect(try rig.record("server-sg-1")?.presence == .active)
        #expect(try rig.record("server-sg-1")?.fields.url == "https://one.example.com")
        let amended = try rig.model.run(
            AmendServer(server: id, cleared: [.url], stamp: rig.stamp))
        #expect(amended.fields.url == "https://two.example.com")
        #expect(amended.fields.capacity == 50)
    }

    @Test("a drain stays over a restart until the server is activated")
    func drain() throws {
        var rig = RegistryRig()
        var epoch = try rig.register("server-1")
        let id = try ServerID("server-1")
        for _ in 0..<2 {
            _ = try rig.model.run(DrainServer(server: id, isDraining: true, stamp: rig.stamp))
        }
        #expect(try rig.beat("server-1", epoch, 1).isDraining)
        epoch = try rig.register("server-1", process: 2)
        #expect(try rig.beat("server-1", epoch, 1).isDraining)
        _ = try rig.model.run(DrainServer(server: id, isDraining: false, stamp: rig.stamp))
        #expect(try rig.beat("server-1", epoch, 2).isDraining == false)
        #expect(rig.events.filter { $0 == "server.draining" }.count == 1)
    }

    private static func fields(_ change: (inout ServerFields) -> Void) -> ServerFields {
        var fields = ServerFields()
        change(&fields)
        return fields
    }

    @Test(
        "a field that cannot be taken is refused by its name",
        arguments: [
            ("url", fields { $0.url = "ftp://a" }), ("url", fields { $0.url = "https://a/path" }),
            ("url", fields { $0.url = "https://a:0" }), ("url", fields { $0.url = "https://[::1" }),
            ("capacity", fields { $0.capacity = -1 }), ("priority", fields { $0.priority = 1001 }),
            ("name", fields { $0.name = "a\u{7f}" }), ("region", fields { $0.region = "x\n" }),
            ("labels", fields { $0.labels = ["": "b"] }),
            (
                "description",
                fields { $0.description = String(repeating: "x", count: 2001) }
            ),
        ])
    func badFields(field: String, fields: ServerFields) {
        #expect {
            try fields.check()
        } throws: { error in
            guard case .invalid(field, _) = error as? StoreRefusal else { return false }
            return true
        }
    }

    @Test(
        "an endpoint is read from its URL",
        arguments: [
            ("https://one.example.com", "https://one.example.com"),
            ("http://One.example.com:3000/", "http://one.example.com:3000"),
            ("HTTPS://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
        ])
    func endpoints(text: String, shown: String) {
        #expect(ServerEndpoint(text)?.description == shown)
    }

    @Test("at no time do two servers act under one name", arguments: [1, 2, 3, 4] as [UInt64])
    func oneHolderAName(seed: UInt64) throws {
        var rig = RegistryRig()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            rig.now += Int64.random(in: -60_000...100, using: &generator)
            let server = "server-\(Int.random(in: 1...3, using: &generator))"
            let name = "n\(Int.random(in: 1...2, using: &generator)).example.com"
            let process = UInt64.random(in: 1...6, using: &generator)
            let held = try rig.record(server)?.epoch
            _ = try? rig.register(server, name: name, process: process)
            if let held { _ = try? rig.beat(server, held, .random(in: 1...9, using: &generator)) }
            let active = rig.model.servers(after: nil, limit: 9).filter { $0.presence == .active }
            #expect(Set(active.map(\.serverName)).count == active.count, "seed \(seed)")
        }
    }
}
