// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Launches of the pool")
struct PoolLaunchesTests {
    @Test("the start fills the stock, as many at once as allowed")
    func fillsStock() {
        let configuration = PoolTestBench.plain(5, warm: 3) {
            $0.warmHeadful = 1
            $0.launch.concurrency = 2
        }
        var bench = PoolTestBench(configuration, started: false)
        let first = bench.send(.started)
        #expect(first.launchedProperties == [.headless, .headless])
        let second = bench.send(.launched(first.launches[0]))
        #expect(second.launchedProperties == [.headless])
        #expect(bench.send(.launched(first.launches[1])).launchedProperties == [.headful])
    }

    @Test("callers that leave take their launches with them")
    func reconsiders() {
        var bench = PoolTestBench(PoolTestBench.plain(8) { $0.launch.concurrency = 1 })
        let ids = (0..<8).map { _ in bench.request().id }
        for id in ids { bench.send(.cancelled(id)) }
        bench.launchAll([.launch(SlotID(index: 0, occupation: 1), .headless)])
        #expect(bench.machine.ledger.launches == 1)
    }

    @Test("a launch that never answers is killed, counted, and tried again after a pause")
    func launchDeadline() {
        let configuration = PoolTestBench.plain(1) {
            $0.launch.deadline = .seconds(5)
            $0.launch.firstBackOff = .seconds(1)
        }
        var bench = PoolTestBench(configuration)
        let (id, actions) = bench.request()
        #expect(bench.pass(.seconds(5)).kills == actions.launches)
        #expect(bench.machine.ledger.launchTimeouts == 1)
        #expect(bench.send(.launched(actions.launches[0])).isEmpty, "too late")
        #expect(bench.send(.ended(actions.launches[0])).isEmpty, "the pause is on")
        let again = bench.pass(.seconds(1))
        #expect(again.launches == [SlotID(index: 0, occupation: 2)])
        #expect(bench.launchAll(again).granted == [id])
    }

    @Test("a kill that does not help is asked for again")
    func killsAgain() {
        var bench = PoolTestBench(PoolTestBench.plain(1) { $0.launch.endDeadline = .seconds(3) })
        let slot = bench.request().actions.launches[0]
        bench.send(.launchFailed(slot, .server))
        #expect(bench.pass(.seconds(7)).kills == [slot, slot])
    }

    @Test("failures in a row are a quarantine; a probing launch ends it")
    func quarantine() throws {
        let configuration = PoolTestBench.plain(2) {
            $0.launch.quarantineAfter = 2
            $0.launch.concurrency = 1
            $0.launch.firstBackOff = .seconds(1)
        }
        var bench = PoolTestBench(configuration)
        var launches = bench.request().actions.launches
        bench.send(.launchFailed(launches[0], .server))
        bench.send(.ended(launches[0]))
        launches = bench.pass(.seconds(1)).launches
        let actions = bench.send(.launchFailed(launches[0], .server))
        #expect(actions.refusals.map(\.reason) == [.quarantined])
        #expect(bench.machine.unready == .quarantined)
        let refusal = try #require(bench.request().actions.refusals.first)
        #expect(refusal.reason == .quarantined)
        #expect(refusal.retryAfter == .seconds(2))
        bench.send(.ended(launches[0]))
        let probes = bench.pass(.seconds(2)).launches
        #expect(probes.count == 1, "though nobody waits")
        bench.send(.launched(probes[0]))
        #expect(bench.machine.unready == nil)
        #expect(bench.request().actions.grants.count == 1)
    }

    @Test("a quarantined pool still gives the warm browsers it has")
    func quarantineGives() {
        var bench = PoolTestBench.ready(
            PoolTestBench.plain(3, warm: 1) { $0.launch.quarantineAfter = 1 })
        let launches = bench.request { $0.properties = .headful }.actions.launches
        bench.send(.launchFailed(launches[0], .server))
        #expect(bench.machine.unready == nil)
        #expect(bench.request().actions.grants.map(\.start) == [.warm])
        #expect(bench.request().actions.refusals.map(\.reason) == [.quarantined])
    }

    @Test("properties that cannot start refuse their callers and nobody else")
    func hopelessProperties() {
        var bench = PoolTestBench(PoolTestBench.plain(2))
        let odd = LaunchProperties(arguments: ["--odd"])
        let launches = bench.request { $0.properties = odd }.actions.launches
        let plain = bench.request()
        let actions = bench.send(.launchFailed(launches[0], .properties))
        #expect(actions.refusals.map(\.reason) == [.launchFailed])
        #expect(bench.machine.place(of: plain.id) == 1)
        #expect(bench.machine.gate.failures == 0)
    }

    @Test("properties of a client's own get so many attempts, then their callers are refused")
    func attempts() {
        let configuration = PoolTestBench.plain(1) {
            $0.launch.attemptsPerProperties = 2
            $0.launch.firstBackOff = .milliseconds(1)
        }
        var bench = PoolTestBench(configuration)
        let odd = LaunchProperties(arguments: ["--odd"])
        var launches = bench.request { $0.properties = odd }.actions.launches
        #expect(bench.send(.launchFailed(launches[0], .server)).refusals.isEmpty)
        bench.send(.ended(launches[0]))
        launches = bench.pass(.milliseconds(1)).launches
        let actions = bench.send(.launchFailed(launches[0], .server))
        #expect(actions.refusals.map(\.reason) == [.launchFailed])
    }

    @Test("a plain browser that does not start is never the properties' fault")
    func plainIsServers() {
        var bench = PoolTestBench(PoolTestBench.plain(1))
        let launches = bench.request().actions.launches
        #expect(bench.send(.launchFailed(launches[0], .properties)).refusals.isEmpty)
        #expect(bench.machine.gate.failures == 1)
    }

    @Test("warm browsers beyond the stock end after a while")
    func surplus() {
        var bench = PoolTestBench(
            PoolTestBench.plain(3, warm: 1) { $0.surplusTimeout = .seconds(60) })
        let ids = (0..<3).map { _ in bench.request().id }
        for id in ids { bench.send(.cancelled(id)) }
        for index in 0..<3 { bench.send(.launched(SlotID(index: index, occupation: 1))) }
        #expect(bench.pass(.seconds(59)).ends.isEmpty)
        #expect(bench.pass(.seconds(1)).ends == [.evicted, .evicted])
        #expect(bench.machine.counts.warm == 1)
    }

    @Test("a slot is free only when nothing of its browser is left, and then has a new name")
    func slotNames() throws {
        var bench = PoolTestBench.ready(PoolTestBench.plain(1, warm: 1))
        let lease = try bench.lease()
        #expect(bench.send(.finish(lease, .deleted)).launches.isEmpty)
        let launches = bench.send(.ended(lease.slot)).launches
        #expect(launches == [SlotID(index: 0, occupation: 2)])
        #expect(bench.send(.broke(lease.slot, .crashed)).isEmpty, "an event from before")
    }
}
