// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("What a gateway knows of servers")
struct FleetViewTests {
    private var bench = FleetBench()

    private static func isAbout(_ name: ServerName, _ action: FleetView.Action) -> Bool {
        switch action {
        case .silent(name), .lost(name), .returned(name): true
        case .silent, .lost, .returned, .answer, .probe, .replaced, .changed: false
        }
    }

    @Test("a server registers itself by its first heartbeat, and is routed to by its prefix")
    mutating func registers() throws {
        let name = try FleetBench.name("a.example.com")
        #expect(bench.machine.view.owner(of: name.prefix) == .unknown)
        let actions = try bench.beat("a.example.com").fleet
        #expect(actions.first == .answer(name, .accepted(isDraining: false)))
        #expect(
            actions.contains(
                .changed(name, from: .neverConnected, to: .active, because: .heard)))
        let endpoint = FleetBench.endpoint("a.example.com")
        #expect(bench.machine.view.owner(of: name.prefix) == .reachable(name, endpoint))
        #expect(bench.machine.view.endpoint(of: name.prefix) == endpoint)
        #expect(bench.machine.view.rows.map(\.free) == [10])
    }

    @Test("one that is entered is never connected until it answers, and its answers are heartbeats")
    mutating func pulled() throws {
        let name = try FleetBench.name("a")
        let fields = ServerFields()
        bench.tell(
            .fleet(
                .entered(
                    ServerEntry(
                        name: name, endpoint: FleetBench.endpoint("a"), origin: .listed,
                        fields: fields))))
        #expect(try bench.standing("a") == .neverConnected)
        bench.pass(until: 10)
        #expect(try bench.standing("a") == .neverConnected)
        let probes = bench.pass(until: 1100) { _ in true }
        #expect(probes.first?.0 == 1000, "once a second")
        #expect(try bench.standing("a") == .active)
        bench.pass(until: 60_000) { _ in true }
        #expect(try bench.standing("a") == .active)
    }

    @Test("a key is offered servers with room, then those that are only full, and no others")
    mutating func candidates() throws {
        for (server, leased) in [("a", 10), ("b", 7), ("c", 10), ("d", 5)] {
            try bench.beat(server, leased: leased)
        }
        bench.tell(.fleet(.marked(try FleetBench.name("c"), .drain)))
        let view = bench.machine.view
        var random = SeededGenerator(seed: 1)
        let wish = PlacementWish(key: "device-1")
        #expect(view.candidates(for: wish, using: &random).map(\.text) == ["d", "b", "a"])
        #expect(view.candidates(for: wish, most: 2, using: &random).map(\.text) == ["d", "b"])
        let firsts = (1...40).map { number in
            view.candidates(
                for: PlacementWish(key: "key-\(number)"), most: 1, by: .sticky, using: &random)
        }
        #expect(Set(firsts).count == 2, "keys that move at once do not all move to one server")
    }

    @Test("a killed server is asked three times, others are asked, and it is lost within 4 s")
    mutating func killed() throws {
        let name = try FleetBench.name("c")
        for second in 0..<5 {
            for server in ["a", "b", "c"] { try bench.beat(server) }
            bench.pass(until: (second + 1) * 1000) { _ in true }
        }
        var seen: [(Int64, GatewayMachine.Action)] = []
        for step in 0..<20 {
            for server in ["a", "b"] { try bench.beat(server) }
            seen += bench.pass(until: 5000 + step * 200) { $0.server != name }
        }
        let about = seen.filter {
            if case .fleet(let action) = $0.1 { Self.isAbout(name, action) } else { false }
        }
        // The last heartbeat came at 4000; a check at 4000 or later may have been answered.
        #expect(about.map(\.1) == [.fleet(.silent(name)), .fleet(.lost(name))])
        let bound = try #require(about.last?.0)
        #expect(bound <= 9000, "\(bound)")
        let asked = seen.count {
            if case .fleet(.probe(let probe)) = $0.1 {
                probe.kind == .suspicion && probe.server == name
            } else {
                false
            }
        }
        #expect(asked == 3)
        #expect(bench.machine.view.owner(of: name.prefix) == .lost(name))
        let back = try bench.beat("c").fleet
        #expect(back.contains(.returned(name)))
        #expect(try bench.standing("c") == .active)
    }

    @Test("a silent one gets no browsers, and its IDs still lead to it")
    mutating func suspect() throws {
        try bench.beat("a")
        bench.pass(until: 3100)
        let name = try FleetBench.name("a")
        #expect(try bench.standing("a") == .suspect)
        let endpoint = FleetBench.endpoint("a")
        #expect(bench.machine.view.owner(of: name.prefix) == .reachable(name, endpoint))
        #expect(bench.machine.view.hasRoom(name) == false)
        // It answers no probe either: little is to be expected of it.
        let seen = bench.pass(until: 8000)
        #expect(seen.map(\.1).contains(.fleet(.silent(name))))
        #expect(bench.machine.view.owner(of: name.prefix) == .unreachable(name, endpoint))
    }

    @Test("a gateway that is cut off gives up nobody, however long", arguments: [1, 2, 3, 9, 20])
    mutating func isolated(count: Int) throws {
        // Heartbeats at different times, so that some servers are silent long before others.
        for number in 0..<count {
            bench.pass(until: number * 70 % 2900) { _ in true }
            try bench.beat("s\(number)")
        }
        let seen = bench.pass(until: 30_000)
        let lost = seen.filter { if case .fleet(.lost) = $0.1 { true } else { false } }
        #expect(lost.isEmpty)
        #expect(bench.machine.view.rows.allSatisfy { $0.standing == .suspect })
        // It is connected again: everybody is as before.
        for number in 0..<count { try bench.beat("s\(number)") }
        #expect(bench.machine.view.rows.allSatisfy { $0.standing == .active })
    }

    @Test("of many that die at once one in ten is given up in a minute")
    mutating func cascade() throws {
        let names = (0..<20).map { "s\($0)" }
        let dead = try Set(names[..<6].map(FleetBench.name))
        var lost: [Int64] = []
        for step in 0..<140 {
            for name in step < 2 ? names : Array(names[6...]) { try bench.beat(name) }
            let seen = bench.pass(until: step * 500) { step < 2 || !dead.contains($0.server) }
            lost += seen.compactMap { if case .fleet(.lost) = $0.1 { $0.0 } else { nil } }
        }
        // Two of 20, and a minute later one of the 18 that are left.
        #expect(lost.count == 3, "\(lost)")
        #expect(lost.prefix(2).allSatisfy { $0 < 5000 })
        #expect(lost.last.map { $0 >= 63_999 } ?? false)
    }

    @Test("of half of all that die at once nobody is given up: it may be the gateway that is wrong")
    mutating func half() throws {
        for step in 0..<200 {
            for name in step < 2 ? ["a", "b", "c", "d"] : ["a", "b"] { try bench.beat(name) }
            let seen = bench.pass(until: step * 500) { $0.server.text < "c" || step < 2 }
            #expect(!seen.contains { if case .fleet(.lost) = $0.1 { true } else { false } })
        }
        #expect(bench.machine.view.rows.map(\.standing) == [.active, .active, .suspect, .suspect])
    }

    @Test("checks that fail make an opinion; what an operator says goes before it")
    mutating func opinions() throws {
        let name = try FleetBench.name("a")
        try bench.beat("a")
        let probe = Probe(
            number: 0, server: name, endpoint: FleetBench.endpoint("a"), kind: .check,
            newest: nil, patience: .seconds(1))
        for _ in 0..<2 { bench.tell(.fleet(.probed(probe, nil))) }
        #expect(try bench.standing("a") == .active)
        bench.tell(.fleet(.probed(probe, nil)))
        #expect(try bench.standing("a") == .unhealthy)
        #expect(!bench.machine.view.hasRoom(name))
        let endpoint = FleetBench.endpoint("a")
        #expect(bench.machine.view.owner(of: name.prefix) == .reachable(name, endpoint))
        bench.tell(.fleet(.marked(name, .healthy)))
        #expect(try bench.standing("a") == .active)
        bench.tell(.fleet(.marked(name, .unhealthy)))
        #expect(try bench.standing("a") == .unhealthy)
        bench.tell(.fleet(.marked(name, .byChecks)))
        let answer = ProbeAnswer(responseTime: .milliseconds(2))
        bench.tell(.fleet(.probed(probe, answer)))
        #expect(try bench.standing("a") == .unhealthy, "two passed checks make it well")
        bench.tell(.fleet(.probed(probe, answer)))
        #expect(try bench.standing("a") == .active)
    }

    @Test("calls that fail keep a server out for half a minute")
    mutating func outlier() throws {
        let name = try FleetBench.name("a")
        try bench.beat("a")
        for _ in 0..<5 { bench.tell(.fleet(.called(name, failed: true))) }
        #expect(try bench.standing("a") == .unhealthy)
        for second in 1...29 {
            try bench.beat("a")
            bench.pass(until: second * 1000) { _ in true }
        }
        #expect(try bench.standing("a") == .unhealthy)
        try bench.beat("a")
        let seen = bench.pass(until: 30_000) { _ in true }
        #expect(
            seen.map(\.1).contains(
                .fleet(
                    .changed(name, from: .unhealthy, to: .active, because: .callsForgiven))))
    }

    @Test("a drain is heard with the next heartbeat, and a server may say so itself")
    mutating func drain() throws {
        let name = try FleetBench.name("a")
        try bench.beat("a")
        bench.tell(.fleet(.marked(name, .drain)))
        #expect(try bench.standing("a") == .draining)
        #expect(try bench.beat("a").fleet.first == .answer(name, .accepted(isDraining: true)))
        bench.tell(.fleet(.marked(name, .activate)))
        #expect(try bench.standing("a") == .active)
        try bench.beat("a") { report in
            report.isAccepting = false
            report.reason = "draining"
        }
        #expect(try bench.standing("a") == .draining)
        bench.tell(.fleet(.marked(name, .activate)))
        #expect(try bench.standing("a") == .draining, "it may have a reason of its own")
        try bench.beat("a") { report in
            report.isAccepting = false
            report.reason = "cpu-pressure"
        }
        #expect(try bench.standing("a") == .active, "under pressure it has no room, and is well")
        #expect(!bench.machine.view.hasRoom(name))
    }

    @Test("after a good-bye the process is not heard any more, and the next one is")
    mutating func goodbye() throws {
        let name = try FleetBench.name("a")
        try bench.beat("a", epoch: 1)
        let left = bench.tell(.fleet(.left(name, FleetBench.epoch(1)))).fleet
        #expect(left == [.changed(name, from: .active, to: .inactive, because: .goodbye)])
        #expect(bench.machine.view.owner(of: name.prefix) == .lost(name))
        try bench.beat("a", epoch: 1)
        #expect(try bench.standing("a") == .inactive)
        bench.pass(until: 60_000)
        #expect(try bench.standing("a") == .inactive)
        let next = try bench.beat("a", epoch: 2).fleet
        #expect(try bench.standing("a") == .active)
        #expect(!next.contains(.replaced(name, by: FleetBench.epoch(2))), "nothing was lost")
    }

    @Test("a newer process replaces an older one, which is told so")
    mutating func fencing() throws {
        let name = try FleetBench.name("a")
        try bench.beat("a", epoch: 5)
        let newer = try bench.beat("a", epoch: 6).fleet
        #expect(newer.contains(.replaced(name, by: FleetBench.epoch(6))))
        #expect(try bench.beat("a", epoch: 5).fleet == [.answer(name, .stale(newest: 6))])
        bench.tell(.fleet(.left(name, FleetBench.epoch(5))))
        #expect(try bench.standing("a") == .active, "an old process cannot leave for the new")
    }

    @Test("a question says under which epoch the server is listened to")
    mutating func questions() throws {
        try bench.beat("a", epoch: 5)
        let probes = bench.pass(until: 3000).compactMap { _, action -> Probe? in
            if case .fleet(.probe(let probe)) = action { probe } else { nil }
        }
        #expect(!probes.isEmpty)
        #expect(probes.allSatisfy { $0.newest == FleetBench.epoch(5) })
    }

    @Test("a heartbeat that comes late changes nothing")
    mutating func late() throws {
        let name = try FleetBench.name("a")
        func heartbeat(_ sequence: UInt64, leased: Int) -> FleetView.Event {
            .heartbeat(
                Heartbeat(
                    server: name, endpoint: FleetBench.endpoint("a"), epoch: FleetBench.epoch(1),
                    sequence: sequence, report: FleetBench.report(10, leased: leased)))
        }
        bench.tell(.fleet(heartbeat(7, leased: 4)))
        bench.tell(.fleet(heartbeat(6, leased: 9)))
        #expect(bench.machine.view.row(of: name)?.report?.leased == 4)
    }

    @Test("one that is gone is remembered for an hour if nobody entered it")
    mutating func forgets() throws {
        let name = try FleetBench.name("a")
        try bench.beat("a")
        bench.tell(.fleet(.left(name, FleetBench.epoch(1))))
        bench.pass(until: 3_599_000)
        #expect(bench.machine.view.count == 1)
        bench.pass(until: 3_601_000)
        #expect(bench.machine.view.count == 0)
        #expect(bench.machine.view.owner(of: name.prefix) == .unknown)
    }

    @Test("no more servers are watched than the limit says")
    mutating func bound() throws {
        bench = FleetBench(limits: FleetLimits(mostServers: 1))
        try bench.beat("a")
        #expect(try bench.beat("b").fleet == [.answer(FleetBench.name("b"), .tooMany)])
        bench.tell(.fleet(.removed(try FleetBench.name("a"))))
        try bench.beat("b")
        #expect(bench.machine.view.rows.map(\.name.text) == ["b"])
    }

    @Test("this process is always itself, whoever claims its name")
    mutating func own() throws {
        let name = try FleetBench.name("a")
        bench.tell(
            .fleet(
                .entered(
                    ServerEntry(
                        name: name, endpoint: FleetBench.endpoint("a"), origin: .own))))
        try bench.beat("a", epoch: 3)
        #expect(bench.machine.view.owner(of: name.prefix) == .own)
        #expect(try bench.beat("a", epoch: 9).fleet == [.answer(name, .stale(newest: 3))])
        bench.pass(until: 100_000)
        #expect(try bench.standing("a") == .active, "nobody watches itself")
    }

    @Test("what is entered goes before what the server says of itself")
    mutating func fields() throws {
        let name = try FleetBench.name("a")
        var described = ServerFields()
        (described.region, described.priority) = ("us", 1)
        try bench.beat("a", fields: described)
        var entered = ServerFields()
        (entered.region, entered.capacity) = ("sg", 3)
        bench.tell(
            .fleet(
                .entered(
                    ServerEntry(
                        name: name, endpoint: FleetBench.endpoint("b"), origin: .manual,
                        fields: entered))))
        let row = try #require(bench.machine.view.row(of: name))
        #expect(row.fields.region == "sg")
        #expect(row.fields.priority == 1)
        #expect(row.free == 3)
        try bench.beat("a", fields: described)
        #expect(bench.machine.view.row(of: name)?.endpoint == FleetBench.endpoint("b"))
    }

    @Test("a gateway that stood still during a trial asks again before it gives a server up")
    mutating func stoodStill() throws {
        let (name, others) = (try FleetBench.name("a"), ["b", "c", "d"])
        for text in ["a"] + others { try bench.beat(text) }
        for instant in [1000, 2000, 3000] {
            bench.pass(until: instant)
            for text in others { try bench.beat(text) }
        }
        // The first jury is not heard of in time, the second is.
        bench.pass(until: 4100)
        for text in others { try bench.beat(text) }
        bench.pass(until: 5100)
        for text in others { try bench.beat(text) }
        #expect(try bench.standing("a") == .suspect)
        bench.stall(for: .seconds(8))
        #expect(!(try bench.beat("b").fleet).contains(.lost(name)))
        let seen = bench.pass(until: 16_000) { $0.server != name }.map(\.1).fleet
        #expect(seen.count { $0 == .lost(name) } == 1)
    }
}
