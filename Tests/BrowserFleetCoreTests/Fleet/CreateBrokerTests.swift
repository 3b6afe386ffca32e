// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A create call at a gateway")
struct CreateBrokerTests {
    private var bench = FleetBench()

    /// Registers servers `a`, `b`, … with so many free leases each.
    private mutating func register(_ free: Int...) throws {
        for (index, free) in free.enumerated() {
            let letter = String(UnicodeScalar(UInt8(97 + index)))
            try bench.beat(letter, capacity: 10, leased: 10 - free)
        }
    }

    private func isOpen(_ id: Int) -> Bool { bench.machine.broker.journeys[RequestID(id)] != nil }

    @Test("goes to the least loaded and is answered with what that brought")
    mutating func simple() throws {
        try register(3, 7)
        let first = try #require(bench.ask(1).attempts.first)
        #expect(first.server.text == "b")
        #expect(first.endpoint == FleetBench.endpoint("b"))
        #expect(bench.end(first, .made) == [.answer(first)])
        #expect(!isOpen(1))
        #expect(bench.machine.broker.ledger.made == 1)
    }

    @Test("in a crowd is spread by what is on its way, not only by reports")
    mutating func crowd() throws {
        try register(10, 10)
        let servers = (0..<10).map { bench.ask($0).servers }
        #expect(servers.count { $0 == "a" } == 5)
    }

    @Test("is tried elsewhere when a server is full, which is not broken")
    mutating func full() throws {
        try register(7, 3)
        let first = try #require(bench.ask(1).attempts.first)
        let next = bench.end(first, .full)
        #expect(next.servers == "b")
        #expect(try bench.standing("a") == .active)
        #expect(bench.ask(2).servers == "b", "it is left alone until it reports")
        try bench.beat("a", leased: 9)
        try bench.beat("b", leased: 10)
        #expect(bench.ask(3).servers == "a")
    }

    @Test("is tried in another region first when a server breaks it")
    mutating func zones() throws {
        var (west, east) = (ServerFields(), ServerFields())
        (west.region, east.region) = ("west", "east")
        try bench.beat("a", leased: 0, fields: west)
        try bench.beat("b", leased: 1, fields: west)
        try bench.beat("c", leased: 9, fields: east)
        let first = try #require(bench.ask(1).attempts.first)
        #expect(first.server.text == "a")
        let second = try #require(bench.end(first, .unreachable).attempts.first)
        #expect(second.server.text == "c", "fuller, but not where something is wrong")
        let third = try #require(bench.end(second, .broken).attempts.first)
        #expect(third.server.text == "b", "nobody else is left")
        #expect(bench.end(third, .made) == [.answer(third)])
    }

    @Test("waits where everybody is full and takes the server that frees first")
    mutating func waits() throws {
        try register(0, 0)
        #expect(bench.ask(1).isEmpty)
        #expect(bench.ask(2).isEmpty)
        #expect(bench.machine.broker.place(of: RequestID(2)) == 2)
        let woken = try bench.beat("b", leased: 9).creates
        #expect(woken.attempts.map(\.call) == [RequestID(1)], "one lease, one call")
        #expect(woken.servers == "b")
        #expect(try bench.beat("a", leased: 9).creates.attempts.map(\.call) == [RequestID(2)])
    }

    @Test("keeps its place when the server that freed was taken by somebody else")
    mutating func keepsPlace() throws {
        try register(0)
        for id in 1...3 { bench.ask(id) }
        let first = try #require(try bench.beat("a", leased: 9).creates.attempts.first)
        #expect(bench.end(first, .full).isEmpty)
        #expect(bench.machine.broker.place(of: RequestID(1)) == 1)
        #expect(
            try bench.beat("a", leased: 9).creates.attempts.map(\.call) == [RequestID(1)])
    }

    @Test("is served by class, then in turns between keys, then in order")
    mutating func order() throws {
        try register(0)
        bench.ask(1, owner: "x")
        bench.ask(2, owner: "x")
        bench.ask(3, owner: "y")
        bench.ask(4, owner: "z", priority: .high)
        var served: [Int] = []
        for _ in 0..<4 {
            let next = try #require(try bench.beat("a", leased: 9).creates.attempts.first)
            served.append(next.call.number)
            bench.end(next, .made)
        }
        #expect(served == [4, 1, 3, 2])
    }

    @Test("does not overtake those that wait, unless its class is higher")
    mutating func overtaking() throws {
        bench = FleetBench()
        try bench.beat("a", capacity: 1)
        let first = try #require(bench.ask(1).attempts.first)
        #expect(bench.ask(2).isEmpty)
        #expect(bench.end(first, .rejected) == [.answer(first)])
        // The lease that was not taken after all goes to whoever waits, not to the newcomer.
        #expect(bench.ask(3).attempts.map(\.call) == [RequestID(2)])
    }

    @Test("is told when its patience is over, with an honest time to come again")
    mutating func patience() throws {
        try register(0)
        bench.ask(1, patience: .seconds(2))
        try bench.beat("a", leased: 10)
        let seen = bench.pass(until: 2000) { _ in true }.map(\.1).creates
        #expect(seen.refusals == ["1 queue-timeout"])
        guard case .refuse(_, let refusal)? = seen.last else { return }
        #expect(refusal.place == 1)
        #expect(refusal.retryAfter ?? .zero >= .seconds(1))
        #expect(bench.ask(2, patience: .zero).refusals == ["2 queue-timeout"])
    }

    @Test("without patience is tried where there is room, and given time to be made")
    mutating func impatient() throws {
        try register(2)
        let actions = bench.ask(1, patience: .zero)
        guard case .attempt(let attempt, let patience, nil)? = actions.first else {
            Issue.record("no attempt: \(actions)")
            return
        }
        #expect(patience == .seconds(2))
        #expect(bench.end(attempt, .full).refusals == ["1 queue-timeout"])
    }

    @Test("is refused when the queue is full, unless its owner waits for less than its share")
    mutating func bound() throws {
        bench = FleetBench(creates: CreateLimits(queueBound: 2))
        try bench.beat("a", capacity: 1, leased: 1)
        bench.ask(1, owner: "x")
        bench.ask(2, owner: "x")
        #expect(bench.ask(3, owner: "x").refusals == ["3 queue-full"])
        #expect(bench.ask(4, owner: "y").refusals == ["2 queue-full"])
        #expect(bench.ask(5, owner: "x", priority: .high).refusals == ["4 queue-full"])
    }

    @Test("goes elsewhere when its server falls silent, and a late browser is given back")
    mutating func silence() throws {
        try register(10, 1)
        let first = try #require(bench.ask(1).attempts.first)
        #expect(first.server.text == "a")
        for step in 0..<10 {
            bench.pass(until: step * 500) { $0.server.text == "b" }
            try bench.beat("b", leased: 9)
        }
        let journey = bench.machine.broker.journeys[RequestID(1)]
        let second = try #require(journey?.attempt)
        #expect(second.server.text == "b")
        #expect(bench.end(first, .made) == [.release(first)])
        #expect(bench.end(second, .made) == [.answer(second)])
        #expect(bench.machine.broker.ledger.released == 1)
    }

    @Test("whose caller went away is cut short, and its browser given back")
    mutating func cancelled() throws {
        try register(1)
        let attempt = try #require(bench.ask(1).attempts.first)
        #expect(bench.tell(.create(.cancelled(RequestID(1)))).creates == [.abandon(attempt)])
        #expect(bench.end(attempt, .made) == [.release(attempt)])
        #expect(bench.end(attempt, .full).isEmpty)
        bench.ask(2)
        bench.ask(3)
        bench.tell(.create(.cancelled(RequestID(3))))
        #expect(bench.machine.broker.waiting == 0)
        #expect(bench.machine.broker.ledger.cancelled == 2)
    }

    @Test("is cut short when an attempt takes too long, and tried elsewhere")
    mutating func overdue() throws {
        bench = FleetBench(creates: CreateLimits(attemptPatience: .seconds(2)))
        try register(9, 1)
        let first = try #require(bench.ask(1).attempts.first)
        for second in 0...2 {
            try register(9, 1)
            let seen = bench.pass(until: second * 1000) { _ in true }.map(\.1).creates
            guard second == 2 else { continue }
            #expect(seen.first == .abandon(first))
            #expect(seen.servers == "b")
        }
    }

    @Test("comes back to a server that broke it, after a pause, when there is no other")
    mutating func again() throws {
        try register(5)
        var attempt = try #require(bench.ask(1).attempts.first)
        for round in 1...8 {
            let next = bench.end(attempt, .unreachable)
            guard round < 8 else {
                #expect(next.refusals == ["1 servers-broken"])
                continue
            }
            #expect(next.isEmpty, "not at once")
            try bench.beat("a", leased: 5)
            bench.tell(.fleet(.marked(try FleetBench.name("a"), .healthy)))
            let seen = bench.pass(until: round * 1000) { _ in true }.map(\.1).creates
            attempt = try #require(seen.attempts.first)
        }
    }

    @Test("for what no server is, is refused, but not before servers could have come")
    mutating func hopeless() throws {
        let wish = PlacementWish(region: "mars")
        try register(5)
        #expect(bench.ask(1, wish: wish).isEmpty)
        var fields = ServerFields()
        fields.region = "mars"
        #expect(try bench.beat("m", fields: fields).creates.servers == "m")
        bench.pass(until: 3000) { _ in true }
        #expect(bench.ask(2, wish: PlacementWish(region: "venus")).refusals == ["2 no-server"])
        let pinned = PlacementWish(server: try FleetBench.name("gone"))
        #expect(bench.ask(3, wish: pinned).refusals == ["3 no-server"])
        #expect(bench.ask(4, wish: PlacementWish(server: try FleetBench.name("m"))).servers == "m")
    }

    @Test("waits for a fleet that is not there yet")
    mutating func early() throws {
        #expect(bench.ask(1).isEmpty)
        #expect(try bench.beat("a").creates.servers == "a")
    }

    @Test("goes to a server thought unwell when most are: an observer may be wrong")
    mutating func panic() throws {
        try register(5, 5)
        for name in ["a", "b"] {
            bench.tell(.fleet(.marked(try FleetBench.name(name), .unhealthy)))
        }
        #expect(bench.ask(1).servers == "a")
    }

    @Test("does not follow another to a server thought unwell, which that one had no choice but")
    mutating func alone() throws {
        try register(5, 0, 0)
        let unwell = try FleetBench.name("a")
        bench.tell(.fleet(.marked(unwell, .unhealthy)))
        #expect(bench.ask(1).isEmpty)
        let pinned = bench.ask(2, wish: PlacementWish(server: unwell))
        #expect(pinned.attempts.map(\.call) == [RequestID(2)])
    }

    @Test("that has its browser is not sent on to a server that comes back at that instant")
    mutating func served() throws {
        let outliers = OutlierDetector.Limits(base: .seconds(2))
        bench = FleetBench(limits: FleetLimits(outliers: outliers))
        try register(5, 0, 0)
        let ejected = try FleetBench.name("a")
        for _ in 0..<outliers.failures { bench.tell(.fleet(.called(ejected, failed: true))) }
        #expect(bench.ask(1).isEmpty)
        let attempt = try #require(try bench.beat("b", leased: 9).creates.attempts.first)
        bench.stall(for: .seconds(2))
        #expect(bench.end(attempt, .made) == [.answer(attempt)])
        #expect(try bench.standing("a") == .active)
    }

    @Test("is explained when it asks")
    mutating func explained() throws {
        try register(0, 5)
        let call = CreateCall(id: RequestID(1), owner: "k", isExplained: true)
        let actions = bench.tell(.create(.asked(call))).creates
        guard case .attempt(_, _, let explanation?)? = actions.first else {
            Issue.record("no explanation")
            return
        }
        #expect(explanation.chosen?.text == "b")
        #expect(explanation.cases.map(\.obstacle) == [.full, nil])
    }

    @Test("is refused by a gateway that is about to end; what is on its way may arrive")
    mutating func stop() throws {
        try register(1)
        let attempt = try #require(bench.ask(1).attempts.first)
        bench.ask(2)
        #expect(bench.tell(.create(.stop)).creates.refusals == ["2 draining"])
        #expect(bench.ask(3).refusals == ["3 draining"])
        #expect(bench.end(attempt, .made) == [.answer(attempt)])
    }

    @Test("ends in exactly one way, whatever happens in whatever order", arguments: UInt64(1)...30)
    mutating func ledger(seed: UInt64) throws {
        bench = FleetBench(
            creates: CreateLimits(queueBound: 6, attemptPatience: .seconds(3)),
            strategy: PlacementStrategy.allCases[Int(seed) % PlacementStrategy.allCases.count])
        var random = SeededGenerator(seed: seed)
        var travelling: [CreateAttempt] = []
        var answers: [RequestID: Int] = [:]
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        func note(_ actions: [CreateBroker.Action]) {
            for action in actions {
                switch action {
                case .attempt(let attempt, _, _): travelling.append(attempt)
                case .answer(let attempt): answers[attempt.call, default: 0] += 1
                case .refuse(let id, _): answers[id, default: 0] += 1
                case .abandon, .release: break
                }
            }
        }
        for step in 1...600 {
            switch number(0...9) {
            case 0...2:
                note(
                    bench.ask(
                        step, owner: ["x", "y"][number(0...1)],
                        priority: PriorityClass.allCases[number(0...2)],
                        patience: .milliseconds(number(0...4000))))
            case 3, 4:
                let name = ["a", "b", "c"][number(0...2)]
                note(try bench.beat(name, capacity: 4, leased: number(0...4)).creates)
            case 5...7:
                guard !travelling.isEmpty else { continue }
                let attempt = travelling.remove(at: number(0...travelling.count - 1))
                let outcome = AttemptOutcome.allCases[number(0...5)]
                note(bench.end(attempt, outcome))
            case 8:
                let id = RequestID(number(1...step))
                if isOpen(id.number) { answers[id, default: 0] += 1 }
                note(bench.tell(.create(.cancelled(id))).creates)
            default:
                let milliseconds = Int(bench.now.nanoseconds / 1_000_000) + number(1...900)
                note(bench.pass(until: milliseconds) { _ in true }.map(\.1).creates)
            }
        }
        for attempt in travelling { note(bench.end(attempt, .full)) }
        let end = Int(bench.now.nanoseconds / 1_000_000) + 10_000
        note(bench.pass(until: end) { _ in true }.map(\.1).creates)
        let ledger = bench.machine.broker.ledger
        #expect(bench.machine.broker.open == 0)
        #expect(ledger.asked > 100)
        #expect(ledger.ended == ledger.asked)
        #expect(answers.values.allSatisfy { $0 == 1 })
        #expect(answers.count == ledger.asked)
    }
}
