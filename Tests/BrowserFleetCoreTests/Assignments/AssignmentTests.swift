// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Sticky keys")
struct AssignmentTests {
    private static func rig() throws -> (RegistryRig, ServerEpoch) {
        var rig = RegistryRig()
        let epoch = try rig.register("server-1", name: "one.example.com", process: 1)
        _ = try rig.register("server-2", name: "two.example.com", process: 2)
        return (rig, epoch)
    }

    @Test("a key comes to the best server on first use, and stays")
    func firstUse() throws {
        var (rig, _) = try Self.rig()
        let first = try rig.use("device-1", of: ["server-2", "server-1"])
        #expect(first.change == .created)
        #expect(first.assignment.server.text == "server-2")
        let second = try rig.use("device-1", of: ["server-1"])
        #expect(second == .init(assignment: first.assignment, change: .kept))
        #expect(rig.events.suffix(1) == ["assignment.created"])
    }

    @Test("a key stays over a graceful restart and moves when its server is lost")
    func restartAndLoss() throws {
        var (rig, epoch) = try Self.rig()
        let first = try rig.use("device-1", of: ["server-1"]).assignment
        try rig.model.run(
            LeaveFleet(server: ServerID("server-1"), epoch: epoch, unixMilliseconds: rig.now))
        #expect(try rig.use("device-1", of: ["server-2"]).change == .kept)
        let again = try rig.register("server-1", process: 9)
        #expect(try rig.use("device-1", of: ["server-2"]).change == .kept)
        #expect(try rig.lose("server-1", again, 0))
        let moved = try rig.use("device-1", of: ["server-1", "server-2"])
        #expect(moved.change == .moved)
        #expect(moved.assignment.server.text == "server-2")
        #expect(moved.assignment.epoch > first.epoch)
        #expect(rig.audit.suffix(1) == ["assignment.moved"])
    }

    @Test("a server marked unhealthy by hand loses its keys, as in the seed's failover test")
    func markedUnhealthy() throws {
        var (rig, _) = try Self.rig()
        _ = try rig.use("device-1", of: ["server-1"])
        _ = try rig.model.run(
            AmendServer(server: ServerID("server-1"), healthMark: .unhealthy, stamp: rig.stamp))
        #expect(try rig.use("device-1", of: ["server-1", "server-2"]).change == .moved)
    }

    @Test("with no server that can take it, a key stays as it was and the caller is told")
    func nowhere() throws {
        var (rig, epoch) = try Self.rig()
        let first = try rig.use("device-1", of: ["server-1"]).assignment
        _ = try rig.lose("server-1", epoch, 0)
        #expect(throws: StoreRefusal.noServer) { try rig.use("device-1", of: ["server-1"]) }
        #expect(rig.model.assignments(of: nil, after: nil, limit: 9) == [first])
    }

    @Test("who has not seen the newest assignment changes nothing")
    func compareAndSet() throws {
        var (rig, _) = try Self.rig()
        let first = try rig.put("device-1", on: "server-1", expected: nil)
        #expect(throws: StoreRefusal.conflict(first)) {
            try rig.put("device-1", on: "server-2", expected: nil)
        }
        let second = try rig.put("device-1", on: "server-2", expected: first.epoch)
        #expect(throws: StoreRefusal.conflict(second)) {
            try rig.put("device-1", on: "server-1", expected: first.epoch)
        }
        #expect(throws: StoreRefusal.conflict(nil)) {
            try rig.put("device-2", on: "server-1", expected: first.epoch)
        }
    }

    @Test("a key belongs to its owner")
    func owners() throws {
        var (rig, _) = try Self.rig()
        let first = try rig.put("device-1", on: "server-1", expected: nil)
        let key = try AssignmentKey("device-1")
        #expect(throws: StoreRefusal.notOwner(key)) {
            try rig.use("device-1", by: "bob", of: ["server-1"])
        }
        #expect(throws: StoreRefusal.notOwner(key)) {
            try rig.put("device-1", on: "server-2", expected: first.epoch, by: "bob")
        }
        #expect(throws: StoreRefusal.notOwner(key)) {
            try rig.model.run(RemoveAssignment(key: key, owner: "bob", stamp: rig.stamp))
        }
        let given = try rig.put(
            "device-1", on: "server-2", expected: first.epoch, by: "bob", isAdmin: true)
        #expect(given.owner == "bob")
        let removed = try rig.model.run(
            RemoveAssignment(key: key, owner: "bob", stamp: rig.stamp))
        #expect(removed == given)
    }

    @Test(
        "a key is visible ASCII of a bounded length",
        arguments: ["", "a b", "ü", "a\n", String(repeating: "x", count: 257)])
    func badKeys(text: String) {
        #expect(throws: StoreRefusal.self) { try AssignmentKey(text) }
    }
}
