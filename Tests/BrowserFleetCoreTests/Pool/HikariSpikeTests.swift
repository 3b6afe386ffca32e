// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

/// HikariCP's published spike test ("Welcome to the Jungle"): a connection takes 150 ms to make
/// and 2 ms to use, 50 callers come at once, at most 50 connections, at least 5 kept idle. HikariCP
/// serves all of them with the 5 it has and one more; its rivals make 40 to 45.
@Suite("The HikariCP spike")
struct HikariSpikeTests {
    private static let create = 150
    private static let use = 2

    /// The rule in the world it was published for: a connection that was used is used again, and
    /// one thread adds. Returns how many there are in the end and how long the last caller waited.
    private func spike(
        wantsLaunch: (Shelf) -> Bool
    ) -> (connections: Int, longestWait: Int) {
        var shelf = Shelf(warm: (0..<5).map { SlotID(index: $0, occupation: 1) })
        shelf.waiting = 50
        var inUse: [(slot: SlotID, until: Int)] = []
        var readyAt: Int?
        var longestWait = 0
        for now in 0...1000 {
            shelf.warm += inUse.filter { $0.until == now }.map(\.slot)
            inUse.removeAll { $0.until == now }
            if readyAt == now {
                readyAt = nil
                shelf.starting = 0
                shelf.warm.append(SlotID(index: shelf.warm.count + inUse.count, occupation: 1))
            }
            while shelf.isMatched {
                inUse.append((shelf.warm.removeFirst(), now + Self.use))
                shelf.waiting -= 1
                longestWait = now
            }
            if readyAt == nil, shelf.warm.count + inUse.count < 50, wantsLaunch(shelf) {
                readyAt = now + Self.create
                shelf.starting = 1
            }
        }
        return (shelf.warm.count + inUse.count, longestWait)
    }

    @Test("ends with at most 6, and no caller waits on a create")
    func golden() {
        let result = spike { $0.wantsLaunch(keptWarm: 5, waiting: $0.waiting) }
        #expect(result.connections <= 6)
        #expect(result.longestWait < Self.create)
    }

    @Test("the rule asked anew each time is what keeps it at 6: one launch per caller does not")
    func canary() {
        var asked = 45
        let result = spike { _ in
            asked -= 1
            return asked >= 0
        }
        #expect(result.connections > 6)
    }

    @Test("a pool whose callers were served elsewhere meanwhile makes one browser, not 45")
    func poolReconsiders() {
        let configuration = PoolTestBench.plain(50, warm: 5) { $0.launch.concurrency = 1 }
        var bench = PoolTestBench.ready(configuration)
        #expect(bench.machine.ledger.launches == 5)
        let callers = (0..<50).map { _ in bench.request() }
        let granted = callers.flatMap(\.actions).grants
        #expect(granted.count == 5)
        for caller in callers.dropFirst(5) {
            bench.send(.cancelled(caller.id), after: .microseconds(400))
        }
        #expect(bench.machine.ledger.launches == 6)
    }

    @Test("a pool that never uses a browser twice makes one for each caller, and its stock")
    func poolServes() {
        let configuration = PoolTestBench.plain(60, warm: 5) { $0.launch.concurrency = 2 }
        var bench = PoolTestBench.ready(configuration)
        var launches: [SlotID] = []
        for _ in 0..<50 { launches += bench.request().actions.launches }
        while let next = launches.first {
            launches.removeFirst()
            launches += bench.send(.launched(next), after: .milliseconds(150)).launches
        }
        #expect(bench.machine.ledger.granted == 50)
        #expect(bench.machine.ledger.launches == 55)
        #expect(bench.machine.counts.warm == 5)
    }
}
