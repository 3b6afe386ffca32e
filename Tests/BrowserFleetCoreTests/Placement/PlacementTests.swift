// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Placing a new browser")
struct PlacementTests {
    private var random = SeededGenerator(seed: 1)

    private static func name(_ text: String) throws -> ServerName { try ServerName(text) }

    /// Servers `a`, `b`, … of ten leases each, changed one by one.
    private static func servers(
        _ count: Int, _ change: (Int, inout ServerFacts) -> Void = { _, _ in }
    ) throws -> [ServerFacts] {
        try (0..<count).map { index in
            let letter = String(UnicodeScalar(UInt8(97 + index)))
            var facts = ServerFacts(name: try name(letter), capacity: 10)
            change(index, &facts)
            return facts
        }
    }

    /// The names chosen one after the other, as one text.
    private mutating func sequence(
        _ strategy: PlacementStrategy, _ servers: [ServerFacts], _ count: Int,
        wish: PlacementWish = PlacementWish()
    ) -> String {
        var placement = Placement(strategy: strategy)
        let table = PlacementTable(servers)
        return (0..<count).map { _ in
            placement.choose(wish, among: table, using: &random)?.description ?? "-"
        }.joined()
    }

    @Test("nginx's example of smooth weights comes out as published: a a b a c a a")
    mutating func weighted() throws {
        let servers = try Self.servers(3) { $1.weight = [5, 1, 1][$0] }
        #expect(sequence(.weighted, servers, 14) == "aabacaaaabacaa")
        let none = try Self.servers(2) { $1.weight = $0 }
        #expect(sequence(.weighted, none, 3) == "bbb", "weight 0 takes none")
        var third = try Self.servers(3) { $1.weight = $0 == 0 ? 0 : 1 }
        #expect(sequence(.weighted, third, 1) == "b")
        third[2].isHealthy = false
        #expect(sequence(.weighted, third, 1) == "b", "not even while the others owe")
    }

    @Test("turns go by name, and go on where they were when a server is missing")
    mutating func roundRobin() throws {
        #expect(sequence(.roundRobin, try Self.servers(3), 7) == "abcabca")
        let holes = try Self.servers(4) { $1.isHealthy = $0 != 1 }
        #expect(sequence(.roundRobin, holes, 5) == "acdac")
    }

    @Test("the least loaded goes by priority, then free share, then response time, then name")
    mutating func leastLoaded() throws {
        let priority = try Self.servers(3) {
            $1.priority = $0 == 2 ? 5 : 0
            $1.used = $0 == 2 ? 9 : 0
        }
        #expect(sequence(.leastLoaded, priority, 1) == "c")
        let share = try Self.servers(2) {
            $1.capacity = [10, 100][$0]
            $1.used = [4, 50][$0]
        }
        #expect(sequence(.leastLoaded, share, 1) == "a", "6 of 10 is more than 50 of 100")
        let time = try Self.servers(3) { $1.responseTime = .milliseconds([9, 3, 9][$0]) }
        #expect(sequence(.leastLoaded, time, 1) == "b")
        #expect(sequence(.leastLoaded, try Self.servers(3), 1) == "a")
    }

    @Test("packing fills the fullest that has room")
    mutating func pack() throws {
        let servers = try Self.servers(4) { $1.used = [0, 7, 10, 9][$0] }
        #expect(sequence(.pack, servers, 1) == "d")
    }

    @Test("two choices never take the most loaded of three, and spread over the others")
    mutating func twoChoices() throws {
        let servers = try Self.servers(3) { $1.used = [0, 5, 9][$0] }
        let chosen = sequence(.twoChoices, servers, 300)
        #expect(!chosen.contains("c"))
        #expect(chosen.count { $0 == "a" } > 150)
        #expect(chosen.contains("b"))
        #expect(sequence(.twoChoices, try Self.servers(1), 2) == "aa")
    }

    @Test("a sticky key stays, and moves only to a newcomer that wins it")
    mutating func sticky() throws {
        let few = try Self.servers(9)
        let more = try Self.servers(10)
        var moved = 0
        var seen: Set<String> = []
        for number in 0..<1000 {
            let wish = PlacementWish(key: "device-\(number)")
            let before = sequence(.sticky, few, 1, wish: wish)
            #expect(sequence(.sticky, few, 2, wish: wish) == before + before)
            let after = sequence(.sticky, more, 1, wish: wish)
            seen.insert(before)
            if after != before {
                moved += 1
                #expect(after == "j", "a key moves to the newcomer alone")
            }
        }
        #expect(seen.count == 9)
        #expect((60...140).contains(moved), "about a tenth, not \(moved)")
    }

    @Test("a sticky key whose server is full goes to its second choice, and comes back")
    mutating func stickyFull() throws {
        let all = try Self.servers(5)
        let wish = PlacementWish(key: "profile-1")
        let first = sequence(.sticky, all, 1, wish: wish)
        let full = all.map { server in
            var copy = server
            if server.name.description == first { copy.used = copy.capacity }
            return copy
        }
        #expect(sequence(.sticky, full, 1, wish: wish) != first)
        #expect(sequence(.sticky, all, 1, wish: wish) == first)
    }

    @Test("a server out of region, without a label, full, tried, draining or unwell is left out")
    mutating func filters() throws {
        let servers = try Self.servers(8) { index, server in
            server.region = index == 0 ? "us" : "eu"
            server.labels = index == 1 ? [:] : ["gpu": "yes"]
            if index == 2 { server.used = 10 }
            if index == 4 { server.isActive = false }
            if index == 5 { server.isHealthy = false }
            if index == 6 { server.isBackup = true }
        }
        let wish = PlacementWish(
            region: "eu", labels: ["gpu": "yes"], tried: [try Self.name("d")])
        var placement = Placement()
        let explanation = placement.explain(
            wish, among: PlacementTable(servers), using: &random)
        #expect(explanation.chosen == servers[7].name)
        #expect(
            explanation.cases.map(\.obstacle)
                == [.region, .labels, .full, .tried, .inactive, .unhealthy, .backup, nil])
        #expect(!explanation.isPanicking)
    }

    @Test("backups serve only when no primary can")
    mutating func backups() throws {
        let spare = try Self.servers(2) { $1.isBackup = $0 == 0 }
        #expect(sequence(.leastLoaded, spare, 1) == "b")
        let full = try Self.servers(2) {
            $1.isBackup = $0 == 0
            $1.used = $0 == 1 ? 10 : 0
        }
        #expect(sequence(.leastLoaded, full, 1) == "a")
    }

    @Test("when more than half seem unwell the opinion is not trusted", arguments: 0...4)
    mutating func panic(unwell: Int) throws {
        let servers = try Self.servers(4) { $1.isHealthy = $0 >= unwell }
        var placement = Placement()
        let explanation = placement.explain(
            PlacementWish(), among: PlacementTable(servers), using: &random)
        #expect(explanation.isPanicking == (unwell > 2))
        #expect(explanation.chosen == servers[unwell > 2 ? 0 : unwell].name)
    }

    @Test("with nobody to take it there is no answer", arguments: PlacementStrategy.allCases)
    mutating func nobody(strategy: PlacementStrategy) throws {
        #expect(sequence(strategy, [], 1) == "-")
        #expect(sequence(strategy, try Self.servers(3) { $1.used = 10 }, 1) == "-")
        #expect(sequence(strategy, try Self.servers(3) { $1.isActive = false }, 1) == "-")
    }

    @Test("a table keeps its servers by name, one of each")
    func table() throws {
        var table = PlacementTable(try Self.servers(3).reversed())
        #expect(table.servers.map(\.name.description) == ["a", "b", "c"])
        table.update(ServerFacts(name: try Self.name("b"), capacity: 3))
        #expect(table[try Self.name("b")]?.capacity == 3)
        table.remove(try Self.name("a"))
        table.remove(try Self.name("z"))
        #expect(table.servers.map(\.name.description) == ["b", "c"])
        #expect(table.rows.count == 2)
    }

    @Test("whoever is chosen could take it", arguments: PlacementStrategy.allCases)
    mutating func sound(strategy: PlacementStrategy) throws {
        var dice = SeededGenerator(seed: 7)
        var placement = Placement(strategy: strategy)
        for round in 0..<500 {
            let servers = try Self.servers(Int.random(in: 1...12, using: &dice)) { _, server in
                server.used = Int.random(in: 0...10, using: &dice)
                server.isActive = Int.random(in: 0..<5, using: &dice) > 0
                server.isHealthy = Int.random(in: 0..<3, using: &dice) > 0
                server.isBackup = Int.random(in: 0..<4, using: &dice) == 0
                server.weight = Int.random(in: 0...3, using: &dice)
            }
            let wish = PlacementWish(key: "key-\(round % 7)")
            let chosen = placement.choose(
                wish, among: PlacementTable(servers), using: &random)
            let able = servers.filter { $0.isActive && $0.free > 0 }
            if let chosen {
                #expect(able.contains { $0.name == chosen })
            } else {
                #expect(able.allSatisfy { !$0.isHealthy })
            }
        }
    }
}
