// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Keys bound to servers")
struct AssignmentTableTests {
    private let first: ServerName
    private let second: ServerName

    init() throws {
        first = try ServerName("a")
        second = try ServerName("b")
    }

    @Test("the first caller binds a key, and another one meets the same server")
    func take() throws {
        var table = AssignmentTable()
        let bound = try table.take("device-1", for: "ann", best: first) { _ in false }
        #expect(bound == Assignment(key: "device-1", server: first, owner: "ann", epoch: 1))
        #expect(try table.take("device-1", for: "ann", best: second) { _ in false } == bound)
        #expect(table.keys(of: first) == ["device-1"])
    }

    @Test("a key moves when its server is lost, under a higher epoch")
    func moves() throws {
        var table = AssignmentTable()
        _ = try table.take("device-1", for: "ann", best: first) { _ in false }
        let moved = try table.take("device-1", for: "ann", best: second) { $0 == first }
        #expect(moved.server == second)
        #expect(moved.epoch == 2)
        #expect(table.keys(of: first).isEmpty)
    }

    @Test("a key belongs to its owner, for every call")
    func owned() throws {
        var table = AssignmentTable()
        _ = try table.put("device-1", to: first, for: "ann", expecting: nil)
        #expect(throws: AssignmentRefusal.notYours) { try table.get("device-1", for: "eve") }
        #expect(throws: AssignmentRefusal.notYours) {
            try table.put("device-1", to: second, for: "eve", expecting: 1)
        }
        #expect(throws: AssignmentRefusal.notYours) {
            try table.take("device-1", for: "eve", best: second) { _ in true }
        }
        #expect(throws: AssignmentRefusal.notYours) { try table.remove("device-1", for: "eve") }
        #expect(try table.get("device-1", for: "ann").server == first)
    }

    @Test("a change compares with what the caller saw")
    func compares() throws {
        var table = AssignmentTable()
        _ = try table.put("device-1", to: first, for: "ann", expecting: nil)
        #expect(throws: AssignmentRefusal.changed) {
            try table.put("device-1", to: second, for: "ann", expecting: nil)
        }
        _ = try table.put("device-1", to: second, for: "ann", expecting: 1)
        #expect(throws: AssignmentRefusal.changed) {
            try table.put("device-1", to: first, for: "ann", expecting: 1)
        }
        #expect(throws: AssignmentRefusal.changed) {
            try table.remove("device-1", for: "ann", expecting: 1)
        }
        #expect(try table.get("device-1", for: "ann").epoch == 2)
    }

    @Test("an epoch never comes twice, whatever is done with a key", arguments: UInt64(1)...20)
    func grows(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var table = AssignmentTable()
        var highest: [String: Int64] = [:]
        for _ in 0..<500 {
            let key = "key-\(Int.random(in: 0..<5, using: &random))"
            let server = Bool.random(using: &random) ? first : second
            let before = try? table.get(key, for: "ann")
            var bound: Assignment?
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bound = try table.put(key, to: server, for: "ann", expecting: before?.epoch)
            case 1: bound = try table.take(key, for: "ann", best: server) { $0 == first }
            default: _ = try? table.remove(key, for: "ann")
            }
            guard let bound, bound != before else { continue }
            #expect(bound.epoch > highest[key] ?? 0, "seed \(seed)")
            highest[key] = bound.epoch
        }
        #expect(highest.count == 5)
    }
}
