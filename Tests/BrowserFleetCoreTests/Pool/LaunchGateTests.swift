// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Whether a launch may begin")
struct LaunchGateTests {
    private func instant(_ milliseconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .milliseconds(milliseconds))
    }

    private func gate(quarantineAfter: Int = 3) -> LaunchGate {
        LaunchGate(
            limits: LaunchLimits(
                concurrency: 2, quarantineAfter: quarantineAfter,
                firstBackOff: .milliseconds(100), longestBackOff: .milliseconds(500)))
    }

    @Test("an open gate admits as many at once as it is told")
    func concurrency() {
        #expect(gate().admits(starting: 1))
        #expect(!gate().admits(starting: 2))
    }

    @Test("pauses double from the first to the longest")
    func pausesDouble() {
        var gate = gate(quarantineAfter: 100)
        var pauses: [Int] = []
        for _ in 0..<5 {
            _ = gate.failed(at: .origin)
            let until = gate.nextDeadline ?? .origin
            pauses.append(Int(until.nanoseconds / 1_000_000))
        }
        #expect(pauses == [100, 200, 400, 500, 500])
    }

    @Test("a pause ends by itself, and a success forgives everything")
    func recovers() {
        var gate = gate()
        #expect(gate.failed(at: .origin) == false)
        #expect(!gate.admits(starting: 0))
        gate.elapse(at: instant(99))
        #expect(!gate.admits(starting: 0))
        gate.elapse(at: instant(100))
        #expect(gate.admits(starting: 0))
        #expect(gate.nextDeadline == nil)
        gate.succeeded()
        #expect(gate.failures == 0)
    }

    @Test("enough failures in a row are a quarantine, said once, with one probe at a time")
    func quarantines() {
        var gate = gate()
        #expect([0, 1, 2].map { _ in gate.failed(at: .origin) } == [false, false, true])
        #expect(gate.isQuarantined)
        #expect(!gate.admits(starting: 0))
        gate.elapse(at: instant(400))
        #expect(gate.isProbing)
        #expect(gate.admits(starting: 0))
        #expect(!gate.admits(starting: 1))
        #expect(gate.failed(at: instant(400)) == false, "it was in quarantine already")
        #expect(gate.isQuarantined)
        #expect(!gate.isProbing)
        gate.elapse(at: instant(900))
        gate.succeeded()
        #expect(gate.state == .open)
    }

    @Test("the time to ask again is what is left of the pause")
    func retryAfter() {
        var gate = LaunchGate(
            limits: LaunchLimits(quarantineAfter: 1, firstBackOff: .seconds(8)))
        _ = gate.failed(at: .origin)
        #expect(gate.retryAfter(at: instant(3000)) == .seconds(5))
        #expect(gate.retryAfter(at: instant(7900)) == .seconds(1))
    }
}
