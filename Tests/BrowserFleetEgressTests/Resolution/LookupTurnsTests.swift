// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetEgress

@Suite struct LookupTurnsTests {
    private typealias Ticket = LookupTurns.Ticket

    private func ask(
        _ turns: inout LookupTurns, _ relay: UInt64, count: Int, from first: UInt64 = 0
    ) -> [LookupTurns.Action] {
        (0..<UInt64(count)).flatMap {
            turns.handle(.asked(Ticket(relay: relay, number: first + $0)))
        }
    }

    private func bounds(_ shared: Int, _ running: Int, _ waiting: Int) -> LookupTurns.Bounds {
        LookupTurns.Bounds(shared: shared, running: running, waiting: waiting)
    }

    @Test("one relay runs as many as its bound, and one more than may wait is refused")
    func oneRelay() {
        var turns = LookupTurns(bounds: bounds(24, 2, 3))
        let actions = ask(&turns, 1, count: 6)
        let tickets = (0..<6).map { Ticket(relay: 1, number: $0) }
        #expect(actions == [.start(tickets[0]), .start(tickets[1]), .refuse(tickets[5])])
        #expect(turns.handle(.finished(tickets[0])) == [.start(tickets[2])])
        #expect(turns.handle(.finished(tickets[0])) == [], "once is enough")
        #expect(turns.handle(.abandoned(tickets[3])) == [])
        #expect(turns.handle(.finished(tickets[1])) == [.start(tickets[4])])
    }

    @Test("however many relays have look-ups that never end, one more relay finds a thread")
    func stuckRelays() {
        var turns = LookupTurns(bounds: bounds(24, 8, 64))
        let starts = (1...100 as ClosedRange<UInt64>).map { relay in
            ask(&turns, relay, count: 20).count { if case .start = $0 { true } else { false } }
        }
        #expect(starts.first == 8)
        #expect(starts.allSatisfy { $0 >= 1 }, "\(starts)")
        #expect(starts.reduce(0, +) <= 100 + 24)
    }

    @Test("waiting relays take turns, however much each one wants")
    func turnsInOrder() {
        var turns = LookupTurns(bounds: bounds(0, 2, 64))
        _ = ask(&turns, 1, count: 10)
        _ = ask(&turns, 2, count: 2)
        _ = ask(&turns, 3, count: 2)
        var running = (1...3).map { Ticket(relay: $0, number: 0) }
        var order: [UInt64] = []
        while let done = running.first {
            running.removeFirst()
            for case .start(let ticket) in turns.handle(.finished(done)) {
                order.append(ticket.relay)
                running.append(ticket)
            }
        }
        #expect(order == [1, 2, 3] + [UInt64](repeating: 1, count: 8))
    }

    @Test(
        "nothing is lost, started twice or run beyond a bound", arguments: 0..<50 as Range<UInt64>)
    func randomly(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bounds = bounds(
            Int.random(in: 0...6, using: &generator), Int.random(in: 1...4, using: &generator),
            Int.random(in: 1...5, using: &generator))
        var turns = LookupTurns(bounds: bounds)
        var (running, waiting): (Set<Ticket>, Set<Ticket>) = ([], [])
        func take(_ actions: [LookupTurns.Action]) {
            for action in actions {
                switch action {
                case .start(let ticket):
                    #expect(waiting.remove(ticket) != nil)
                    #expect(running.insert(ticket).inserted)
                case .refuse(let ticket):
                    #expect(waiting.remove(ticket) != nil)
                    #expect(waiting.count { $0.relay == ticket.relay } == bounds.waiting)
                }
            }
            let counts = Dictionary(grouping: running, by: \.relay).mapValues(\.count)
            #expect(counts.values.allSatisfy { $0 <= bounds.running })
            #expect(running.count - counts.count <= bounds.shared)
            #expect(waiting.allSatisfy { counts[$0.relay] != nil }, "who waits has one running")
        }
        for number in 0..<400 as Range<UInt64> {
            switch Int.random(in: 0..<5, using: &generator) {
            case 0, 1:
                let relay = UInt64.random(in: 0..<5, using: &generator)
                let ticket = Ticket(relay: relay, number: number)
                waiting.insert(ticket)
                take(turns.handle(.asked(ticket)))
            case 2, 3:
                guard let ticket = running.min(by: { $0.number < $1.number }) else { continue }
                running.remove(ticket)
                take(turns.handle(.finished(ticket)))
            case _:
                guard let ticket = waiting.min(by: { $0.number < $1.number }) else { continue }
                waiting.remove(ticket)
                take(turns.handle(.abandoned(ticket)))
            }
        }
        while let ticket = running.min(by: { $0.number < $1.number }) {
            running.remove(ticket)
            take(turns.handle(.finished(ticket)))
        }
        #expect(waiting.isEmpty)
        #expect(turns == LookupTurns(bounds: bounds), "nothing of the past is kept")
    }
}
