// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Callers of the pool")
struct PoolRequestsTests {
    @Test("a warm browser that matches is given at once")
    func warm() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(2, warm: 1))
        let actions = bench.request().actions
        let grant = try #require(actions.grants.first)
        #expect(grant.start == .warm)
        #expect(grant.waited == .zero)
        #expect(grant.lease.slot == SlotID(index: 0, occupation: 1))
        #expect(actions.launches == [SlotID(index: 1, occupation: 1)], "the stock is refilled")
    }

    @Test("without one the caller waits on the pool and gets a cold start")
    func cold() throws {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let (id, actions) = bench.request()
        #expect(actions == [.launch(SlotID(index: 0, occupation: 1), .headless)])
        #expect(bench.machine.place(of: id) == 1)
        let later = bench.send(
            .launched(SlotID(index: 0, occupation: 1)), after: .milliseconds(100))
        let grant = try #require(later.grants.first)
        #expect(grant.start == .cold)
        #expect(grant.waited == .milliseconds(100))
    }

    @Test("one who does not wait for others is served by an empty slot, else refused at once")
    func impatient() throws {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let first = bench.request { $0.waitsForOthers = false }
        #expect(first.actions.launches.count == 1)
        let second = bench.request { $0.waitsForOthers = false }
        #expect(second.actions.refusals.map(\.reason) == [.queueFull], "the launch is another's")
        #expect(bench.launchAll(first.actions).granted == [first.id])
        let third = bench.request { $0.waitsForOthers = false }
        #expect(third.actions.refusals.map(\.reason) == [.queueFull])
        #expect(bench.request().actions.refusals == [], "others may still wait")
    }

    @Test("a pool of no slots gives nothing and drains at once")
    func slotless() {
        var bench = PoolTestBench(PoolConfiguration(maxBrowsers: 0, warmHeadless: 2))
        #expect(bench.machine.counts.capacity == 0)
        let asked = bench.request { $0.waitsForOthers = false }
        #expect(asked.actions.refusals.map(\.reason) == [.queueFull])
        #expect(bench.send(.drain(by: bench.now.advanced(by: .seconds(60)))).contains(.drained))
    }

    @Test("a caller gets the first browser that comes free, not the one launched for it")
    func anyBrowser() {
        var bench = PoolTestBench(PoolTestBench.plain(2))
        let first = bench.request().id
        let second = bench.request().id
        let slots = bench.machine.snapshot(at: bench.now).slots.map(\.id)
        #expect(bench.send(.launched(slots[1])).granted == [first])
        #expect(bench.send(.launched(slots[0])).granted == [second])
    }

    @Test("a browser with other properties is not given, and the answer says cold")
    func mismatch() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(3, warm: 1))
        let german = LaunchProperties(locale: "de-DE")
        let actions = bench.request { $0.properties = german }.actions
        #expect(actions.launchedProperties == [german])
        #expect(bench.launchAll(actions).grants.map(\.start) == [.cold])
        #expect(bench.machine.counts.warm == 1)
    }

    @Test("a full pool ends a warm browser nobody waits for, to make room for other properties")
    func evicts() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(2, warm: 2))
        let german = LaunchProperties(locale: "de-DE")
        let actions = bench.request { $0.properties = german }.actions
        #expect(actions.ends == [.evicted])
        let slot = try #require(actions.ended.first)
        let after = bench.send(.ended(slot))
        #expect(after.launchedProperties == [german])
        #expect(bench.launchAll(after).grants.count == 1)
    }

    @Test("more than the bound may not wait, and the answer names the place")
    func queueFull() throws {
        var bench = PoolTestBench(PoolTestBench.plain(1) { $0.queueBound = 2 })
        for _ in 0..<3 { #expect(bench.request().actions.refusals.isEmpty) }
        let refusal = try #require(bench.request().actions.refusals.first)
        #expect(refusal.reason == .queueFull)
        #expect(refusal.place == 4)
        #expect(refusal.retryAfter == .seconds(1))
    }

    @Test("an owner that fills the queue does not keep others out")
    func greed() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1) { $0.queueBound = 4 })
        bench.request(owner: "ann")
        let greedy = (0..<4).map { _ in bench.request(owner: "ann").id }
        let first = bench.request(owner: "bob")
        #expect(first.actions.refusals.map(\.reason) == [.queueFull])
        #expect(bench.machine.place(of: greedy[3]) == nil, "the last of the longest lane")
        #expect(bench.machine.place(of: first.id) == 2)
        let second = bench.request(owner: "bob").id
        let third = bench.request(owner: "bob").id
        #expect(bench.machine.place(of: second) == 4)
        #expect(bench.machine.place(of: third) == nil, "bob has half of the queue")
        #expect(bench.machine.place(of: greedy[1]) != nil)
    }

    @Test("a full queue of a lower class makes room for a higher one, not the other way round")
    func classesGiveWay() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1) { $0.queueBound = 2 })
        bench.request()
        let low = bench.request { $0.priority = .low }.id
        let normal = bench.request().id
        let high = bench.request { $0.priority = .high }.id
        #expect(bench.machine.place(of: low) == nil)
        #expect(bench.machine.place(of: high) == 1)
        #expect(bench.machine.place(of: normal) == 2)
        #expect(bench.request { $0.priority = .low }.actions.refusals.count == 1)
        #expect(bench.machine.place(of: normal) == 2)
    }

    @Test("a queue of none still lets callers wait for launches into empty slots")
    func queueOfNone() throws {
        var bench = PoolTestBench(PoolTestBench.plain(2) { $0.queueBound = 0 })
        let launches = bench.request().actions + bench.request().actions
        #expect(bench.request().actions.refusals.map(\.reason) == [.queueFull])
        #expect(bench.launchAll(launches).grants.count == 2)
        #expect(bench.request().actions.refusals.map(\.reason) == [.queueFull])
    }

    @Test("a caller is refused at its deadline, capped by the operator, with place and estimate")
    func queueTimeout() throws {
        var bench = PoolTestBench(
            PoolTestBench.plain(1) { $0.queueTimeout = TimeoutRule(.seconds(30)) })
        bench.request()
        bench.request { $0.queueTimeout = .seconds(9000) }
        #expect(bench.pass(.seconds(29)).refusals.isEmpty)
        let refusals = bench.pass(.seconds(1)).refusals
        #expect(refusals.map(\.reason) == [.queueTimeout, .queueTimeout])
        #expect(refusals.allSatisfy { $0.place == 1 })
    }

    @Test("a caller that would not wait is answered at once")
    func noPatience() {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let actions = bench.request { $0.queueTimeout = .zero }.actions
        #expect(actions.refusals.map(\.reason) == [.queueTimeout])
        #expect(actions.launches.isEmpty)
    }

    @Test("nobody gets a browser after the deadline, even if the timer is late")
    func lateTimer() {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let launches = bench.request { $0.queueTimeout = .seconds(1) }.actions.launches
        let actions = bench.send(.launched(launches[0]), after: .seconds(2))
        #expect(actions.refusals.map(\.reason) == [.queueTimeout])
        #expect(actions.grants.isEmpty)
    }

    @Test("a caller that went away while it waited gets nothing; the next does")
    func cancelWaiting() {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let (first, actions) = bench.request()
        let second = bench.request().id
        #expect(bench.send(.cancelled(first)).refusals.map(\.reason) == [.cancelled])
        #expect(bench.launchAll(actions).granted == [second])
    }

    @Test("a grant that crosses its cancellation ends as abandoned")
    func cancelGranted() {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let (id, actions) = bench.request()
        bench.launchAll(actions)
        #expect(bench.send(.cancelled(id)).ends == [.abandoned])
        #expect(bench.send(.cancelled(id)).isEmpty)
    }

    @Test("leases are capped below the slots, and nothing is launched for those who wait for one")
    func leaseCap() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(4, warm: 1) { $0.maxLeases = 1 })
        let lease = try bench.lease()
        bench.launchAll([.launch(SlotID(index: 1, occupation: 1), .headless)])
        let (waiting, actions) = bench.request()
        #expect(actions.isEmpty)
        #expect(bench.machine.counts.warm == 1)
        #expect(bench.send(.finish(lease, .deleted)).granted == [waiting])
    }

    @Test("under pressure callers are refused with one word, and those that wait go on waiting")
    func pressure() throws {
        var bench = PoolTestBench(PoolTestBench.plain(2, warm: 1))
        let (waiting, _) = bench.request()
        bench.send(.sampled(PressureSample(host: .init(processor: 5, memory: 99))))
        #expect(bench.machine.unready == .pressure(.memory))
        let launched = bench.send(.launched(SlotID(index: 0, occupation: 1)))
        #expect(launched.isEmpty, "neither given nor launched")
        #expect(bench.request().actions.refusals.map(\.reason) == [.pressure(.memory)])
        let relief = PoolMachine.Event.sampled(PressureSample(host: .init(memory: 5)))
        #expect(bench.send(relief, after: .seconds(600)).refusals.map(\.reason) == [.queueTimeout])
        #expect(bench.machine.place(of: waiting) == nil)
        #expect(bench.request().actions.grants.count == 1)
    }

    @Test("the same request told twice counts once")
    func twice() {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let id = bench.request().id
        #expect(bench.send(.requested(PoolRequest(id: id, owner: "ann"))).isEmpty)
        #expect(bench.machine.counts.waiting == 1)
    }

    @Test("the wait is learned from grants and told honestly")
    func estimate() {
        var estimate = WaitEstimate()
        #expect(estimate.wait(place: 3, at: .origin) == .seconds(3))
        estimate.joined(at: .origin)
        var now = FleetInstant.origin
        for _ in 1...200 {
            now = now.advanced(by: .seconds(4))
            estimate.served(at: now)
        }
        #expect(estimate.wait(place: 2, at: now) > .seconds(7.9))
        #expect(estimate.wait(place: 2, at: now) <= .seconds(8))
        #expect(estimate.retryAfter(place: 100_000, at: now) == .seconds(600))
    }

    @Test("a caller that waited in vain is not told to come back after a second")
    func standstill() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
        _ = try bench.lease()
        bench.request()
        let refusal = try #require(bench.pass(.seconds(30)).refusals.first)
        #expect(refusal.retryAfter == .seconds(30))
        #expect(bench.machine.snapshot(at: bench.now).estimatedWait == .seconds(30))
        bench.request { $0.queueTimeout = .seconds(5) }
        let second = try #require(bench.pass(.seconds(5)).refusals.first)
        #expect(second.retryAfter == .seconds(30), "what was learned is kept")
    }
}
