// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("When a lease ends by itself")
struct LeaseClockTests {
    private static let configuration = PoolConfiguration(
        maxBrowsers: 1, idleTimeout: TimeoutRule(.seconds(300)),
        connectTimeout: TimeoutRule(.seconds(120)), disconnectGrace: TimeoutRule(.seconds(10)))

    private func instant(_ seconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .seconds(seconds))
    }

    private func clock(_ terms: LeaseTerms = LeaseTerms(), lifetime: Int = 1800) -> LeaseClock {
        LeaseClock(
            terms: terms, configuration: Self.configuration, lifetime: .seconds(lifetime),
            at: .origin)
    }

    @Test("a browser nobody comes to ends after the connect timeout")
    func neverConnected() {
        #expect(clock().nextDeadline == instant(120))
        #expect(clock().due(at: instant(119)) == nil)
        #expect(clock().due(at: instant(120)) == .end(.neverConnected))
    }

    @Test("a browser made by a create call outlives its clients")
    func staysWhenLeft() {
        var clock = clock()
        #expect(clock.connected(ConnectionID(1), at: instant(1)) == true)
        #expect(clock.disconnected(ConnectionID(1), at: instant(2)) == true)
        #expect(clock.due(at: instant(299)) == nil)
        #expect(clock.nextDeadline == instant(301))
    }

    @Test("a /connect lease ends when its last client stays away for the grace")
    func disconnectGrace() {
        var clock = clock(LeaseTerms(endsOnDisconnect: true))
        _ = clock.connected(ConnectionID(1), at: instant(1))
        _ = clock.connected(ConnectionID(2), at: instant(1))
        _ = clock.disconnected(ConnectionID(1), at: instant(5))
        #expect(clock.due(at: instant(100)) == nil)
        _ = clock.disconnected(ConnectionID(2), at: instant(100))
        #expect(clock.nextDeadline == instant(110))
        #expect(clock.due(at: instant(110)) == .end(.disconnected))
        _ = clock.connected(ConnectionID(3), at: instant(109))
        #expect(clock.due(at: instant(111)) == nil)
    }

    @Test("the client's keepAlive takes the place of the grace, up to the operator's most")
    func keepAlive() {
        var clock = clock(LeaseTerms(endsOnDisconnect: true, keepAlive: .seconds(3)))
        _ = clock.connected(ConnectionID(1), at: instant(0))
        _ = clock.disconnected(ConnectionID(1), at: instant(1))
        #expect(clock.nextDeadline == instant(4))
    }

    @Test("the idle deadline asks, and traffic or a viewer moves it on")
    func idleAsks() {
        var clock = clock()
        _ = clock.connected(ConnectionID(1), at: .origin)
        #expect(clock.due(at: instant(300)) == .probe)
        #expect(clock.isIdle(at: instant(300)))
        clock.active(last: instant(250), viewers: 0, at: instant(300))
        #expect(!clock.isIdle(at: instant(300)))
        #expect(clock.nextDeadline == instant(550))
        clock.active(last: instant(250), viewers: 1, at: instant(550))
        #expect(clock.nextDeadline == instant(850))
        clock.active(last: nil, viewers: 0, at: instant(850))
        #expect(clock.isIdle(at: instant(850)))
    }

    @Test("a probe that is not answered is sent again, but not in a rush")
    func unansweredProbe() {
        var clock = clock(LeaseTerms(idleTimeout: .milliseconds(1)))
        _ = clock.connected(ConnectionID(1), at: .origin)
        #expect(clock.deadlineAfterProbe(at: instant(1)) == instant(2))
    }

    @Test("activity from before what is known moves nothing back")
    func oldActivity() {
        var clock = clock()
        _ = clock.connected(ConnectionID(1), at: instant(100))
        clock.active(last: instant(1), viewers: 0, at: instant(101))
        #expect(clock.nextDeadline == instant(400))
    }

    @Test("activity in the future counts as now")
    func futureActivity() {
        var clock = clock()
        _ = clock.connected(ConnectionID(1), at: .origin)
        clock.active(last: instant(9000), viewers: 0, at: instant(10))
        #expect(clock.nextDeadline == instant(310))
    }

    @Test("use without a connection counts as having come")
    func used() {
        var clock = clock()
        clock.used(at: instant(100))
        #expect(clock.due(at: instant(130)) == nil)
        #expect(clock.nextDeadline == instant(400))
    }

    @Test("of several deadlines that passed unseen the earliest gives the reason")
    func earliestReason() {
        #expect(clock(lifetime: 60).due(at: instant(5000)) == .end(.lifetime))
        #expect(clock(lifetime: 600).due(at: instant(5000)) == .end(.neverConnected))
        var left = clock(LeaseTerms(endsOnDisconnect: true), lifetime: 60)
        _ = left.connected(ConnectionID(1), at: .origin)
        _ = left.disconnected(ConnectionID(1), at: instant(55))
        #expect(left.due(at: instant(5000)) == .end(.lifetime))
    }

    @Test("a connection told twice, or gone before it came, changes nothing")
    func repeats() {
        var clock = clock()
        #expect(clock.disconnected(ConnectionID(1), at: .origin) == false)
        #expect(clock.connected(ConnectionID(1), at: .origin) == true)
        #expect(clock.connected(ConnectionID(1), at: .origin) == false)
        #expect(clock.connections.count == 1)
    }
}
