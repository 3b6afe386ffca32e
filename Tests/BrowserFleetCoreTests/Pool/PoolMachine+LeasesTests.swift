// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Leases of the pool")
struct PoolLeasesTests {
    @Test(
        "every end has its one reason",
        arguments: [EndReason.deleted, .clientClosed, .unhealthy, .abandoned])
    func finish(reason: EndReason) throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
        let lease = try bench.lease()
        #expect(bench.send(.finish(lease, reason)) == [.end(lease.slot, lease, reason)])
        #expect(bench.send(.finish(lease, .deleted)).isEmpty, "it has ended")
        #expect(bench.send(.broke(lease.slot, .crashed)).isEmpty)
        #expect(bench.machine.ledger.leasesEnded(reason) == 1)
    }

    @Test("a browser that breaks ends its lease")
    func breaks() throws {
        for (breakage, reason) in [
            (PoolMachine.Breakage.crashed, EndReason.crashed), (.unhealthy, .unhealthy),
        ] {
            var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
            let lease = try bench.lease()
            #expect(bench.send(.broke(lease.slot, breakage)).ends == [reason])
        }
    }

    @Test("a browser that is suddenly gone counts as crashed, and its slot is free")
    func vanishes() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
        let lease = try bench.lease()
        let actions = bench.send(.ended(lease.slot))
        #expect(actions.ends == [.crashed])
        #expect(actions.launches.count == 1)
    }

    @Test("memory over the limit ends a lease and a warm browser alike")
    func memory() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(2, warm: 1) { $0.memoryLimit = 1000 })
        let lease = try bench.lease()
        bench.send(.launched(SlotID(index: 1, occupation: 1)))
        #expect(bench.send(.memory(lease.slot, bytes: 1000)).isEmpty)
        #expect(bench.send(.memory(lease.slot, bytes: 1001)).ends == [.memoryLimit])
        let warm = SlotID(index: 1, occupation: 1)
        #expect(
            bench.send(.memory(warm, bytes: 1001)).first == .end(warm, nil, .memoryLimit))
    }

    @Test("an idle lease is probed, and ends if nothing moved")
    func idle() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
        let lease = try bench.lease { $0.terms.idleTimeout = .seconds(10) }
        bench.send(.connected(lease, ConnectionID(1)))
        #expect(bench.pass(.seconds(10)) == [.probeActivity(lease)])
        let active = bench.send(.activity(lease, last: bench.now, viewers: 0))
        #expect(active.isEmpty)
        #expect(bench.pass(.seconds(10)) == [.probeActivity(lease)])
        #expect(bench.send(.activity(lease, last: nil, viewers: 1)).isEmpty)
        #expect(bench.pass(.seconds(10)) == [.probeActivity(lease)])
        #expect(bench.send(.activity(lease, last: nil, viewers: 0)).ends == [.idle])
    }

    @Test("a client's timeouts are capped by the operator")
    func caps() throws {
        let configuration = PoolTestBench.plain(1, warm: 1) {
            $0.maxLifetime = TimeoutRule(.seconds(60), most: .seconds(90))
        }
        var bench = PoolTestBench.ready(configuration)
        let grant = try #require(
            bench.request { $0.terms.maxLifetime = .seconds(9000) }.actions.grants.first)
        #expect(grant.expiresAt == bench.now.advanced(by: .seconds(90)))
        bench.send(.used(grant.lease))
        #expect(bench.pass(.seconds(90)).ends == [.lifetime])
    }

    @Test("lifetimes are shortened at random, by no more than the jitter, and told exactly")
    func jitter() throws {
        let configuration = PoolTestBench.plain(40, warm: 40) {
            $0.maxLifetime = TimeoutRule(.seconds(100))
            $0.lifetimeJitter = 10
            $0.connectTimeout = TimeoutRule(.seconds(1000))
        }
        var bench = PoolTestBench.ready(configuration)
        let expiries = try (0..<40).map { _ in
            try #require(bench.request().actions.grants.first).expiresAt
        }
        let seconds = expiries.map { $0.nanoseconds / 1_000_000_000 }
        #expect(seconds.allSatisfy { (90...100).contains($0) })
        #expect(Set(expiries).count > 30)
        let first = try #require(expiries.min())
        #expect(bench.machine.nextDeadline == first)
    }

    @Test("a /connect lease ends when its client stays away, one made by a create call does not")
    func disconnect() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(2, warm: 2))
        let passing = try bench.lease { $0.terms.endsOnDisconnect = true }
        let staying = try bench.lease()
        for (number, lease) in [passing, staying].enumerated() {
            bench.send(.connected(lease, ConnectionID(number)))
            bench.send(.disconnected(lease, ConnectionID(number)))
        }
        #expect(bench.machine.counts.connections == 0)
        #expect(bench.pass(.seconds(10)) == [.end(passing.slot, passing, .disconnected)])
    }

    @Test("a snapshot shows every slot and lease")
    func snapshot() throws {
        var bench = PoolTestBench.ready(
            PoolTestBench.plain(3, warm: 1) { $0.launch.concurrency = 1 })
        let lease = try bench.lease()
        bench.send(.connected(lease, ConnectionID(7)))
        bench.request()
        let snapshot = bench.machine.snapshot(at: bench.now.advanced(by: .seconds(2)))
        #expect(snapshot.slots.map(\.state) == [.leased, .starting])
        #expect(snapshot.slots[0].lease?.owner == "ann")
        #expect(snapshot.slots[0].lease?.connections == 1)
        #expect(snapshot.oldestWait == .seconds(2))
        #expect(snapshot.counts.waiting == 1)
        #expect(snapshot.counts.available == 2)
        #expect(snapshot.estimatedWait > .zero)
        #expect(snapshot.mode == .running)
        #expect(snapshot.unready == nil)
    }
}
