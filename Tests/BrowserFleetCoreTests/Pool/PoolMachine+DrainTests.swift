// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Drain of the pool")
struct PoolDrainTests {
    private func after(_ bench: PoolTestBench, _ seconds: Int) -> FleetInstant {
        bench.now.advanced(by: .seconds(seconds))
    }

    @Test("callers are refused, what nobody has ends, leases run on until the deadline")
    func drain() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(2, warm: 1))
        let lease = try bench.lease()
        bench.request()
        let actions = bench.send(.drain(by: after(bench, 60)))
        #expect(actions.refusals.map(\.reason) == [.draining])
        #expect(actions.refusals.first?.retryAfter == .seconds(60))
        #expect(actions.ends == [.drained], "the launch under way is given up")
        #expect(bench.request().actions.refusals.map(\.reason) == [.draining])
        #expect(bench.machine.unready == .draining)
        bench.send(.ended(actions.ended[0]))
        #expect(bench.pass(.seconds(59)).ends.isEmpty)
        #expect(bench.pass(.seconds(1)).ends == [.drained])
        #expect(bench.send(.ended(lease.slot)) == [.drained])
        #expect(bench.send(.woke).isEmpty, "said once")
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test("an empty pool has drained at once")
    func empty() {
        var bench = PoolTestBench(PoolTestBench.plain(2))
        #expect(bench.send(.drain(by: after(bench, 60))) == [.drained])
    }

    @Test("a second drain can only bring the deadline forward")
    func twice() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
        let lease = try bench.lease()
        bench.send(.drain(by: after(bench, 60)))
        bench.send(.drain(by: after(bench, 90)))
        bench.send(.drain(by: after(bench, 30)))
        #expect(bench.pass(.seconds(30)) == [.end(lease.slot, lease, .drained)])
    }

    @Test("a stop ends everything now, also in the middle of a drain")
    func stop() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(2, warm: 2))
        let lease = try bench.lease()
        bench.send(.drain(by: after(bench, 60)))
        let actions = bench.send(.stop)
        #expect(actions == [.end(lease.slot, lease, .serverStopping)])
        #expect(bench.send(.resume).isEmpty)
        #expect(bench.machine.unready == .draining)
    }

    @Test("a drain taken back gives leases and fills the stock again")
    func resume() {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
        let ended = bench.send(.drain(by: after(bench, 60))).ended
        #expect(bench.send(.ended(ended[0])) == [.drained])
        let launches = bench.send(.resume).launches
        #expect(launches.count == 1)
        bench.send(.launched(launches[0]))
        #expect(bench.request().actions.grants.count == 1)
        bench.send(.finish(LeaseID(slot: launches[0]), .deleted))
        bench.send(.drain(by: after(bench, 60)))
        #expect(bench.send(.ended(launches[0])) == [.drained], "said again for the new drain")
    }

    @Test("a browser that comes up after the drain began is given to nobody")
    func lateLaunch() {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let launches = bench.request().actions.launches
        bench.send(.drain(by: after(bench, 60)))
        #expect(bench.send(.launched(launches[0])).isEmpty)
    }
}
