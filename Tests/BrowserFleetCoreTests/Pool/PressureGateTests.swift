// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Whether the computer is too busy")
struct PressureGateTests {
    private func instant(_ seconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .seconds(seconds))
    }

    private func gate() -> PressureGate {
        PressureGate(
            limits: PressureLimits(
                processor: 90, memory: 90, relief: 10, smoothing: .seconds(5)))
    }

    private func host(processor: Double = 10, memory: Double = 10) -> PressureSample {
        PressureSample(host: .init(processor: processor, memory: memory))
    }

    @Test("one spike shuts nothing, lasting load does")
    func smooths() {
        var gate = gate()
        gate.take(host(processor: 20), at: instant(0))
        gate.take(host(processor: 100), at: instant(1))
        #expect(gate.shortage == nil)
        for second in 2..<40 { gate.take(host(processor: 100), at: instant(second)) }
        #expect(gate.shortage == .cpu)
    }

    @Test("it opens only well below the limit it shut at")
    func hysteresis() {
        var gate = gate()
        gate.take(host(processor: 95), at: instant(0))
        #expect(gate.shortage == .cpu)
        for second in 1..<60 { gate.take(host(processor: 85), at: instant(second)) }
        #expect(gate.shortage == .cpu)
        for second in 60..<120 { gate.take(host(processor: 75), at: instant(second)) }
        #expect(gate.shortage == nil)
    }

    @Test("the control group's figure goes before the host's, resource by resource")
    func groupFirst() {
        var gate = gate()
        let host = PressureSample.Use(processor: 99, memory: 99)
        gate.take(
            PressureSample(group: .init(processor: 10, memory: nil), host: host), at: instant(0))
        #expect(gate.shortage == .memory)
        gate.take(
            PressureSample(group: .init(processor: 10, memory: 10), host: host), at: instant(600))
        #expect(gate.shortage == nil)
    }

    @Test("memory is named before the processor")
    func memoryFirst() {
        var gate = gate()
        gate.take(host(processor: 99, memory: 99), at: instant(0))
        #expect(gate.shortage == .memory)
        #expect(Refusal.Reason.pressure(.memory).word == "memory-pressure")
    }

    @Test("a figure that is no longer there keeps nothing shut")
    func clears() {
        var gate = gate()
        gate.take(host(processor: 99), at: instant(0))
        gate.take(PressureSample(host: .init()), at: instant(1))
        #expect(gate.shortage == nil)
    }
}
