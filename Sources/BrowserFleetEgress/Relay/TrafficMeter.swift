// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The counters of one relay. Written from several event loops, read from anywhere, no lock.
final class TrafficMeter: Sendable {
    private final class Counter: Sendable {
        private let value = Atomic<UInt64>(0)

        func add(_ amount: Int) {
            value.wrappingAdd(UInt64(clamping: amount), ordering: .relaxed)
        }

        var current: UInt64 { value.load(ordering: .relaxed) }
    }

    private let received = Counter()
    private let sent = Counter()
    private let opened = Counter()
    private let active = Atomic<Int>(0)
    private let refusals: [EgressRefusal: Counter]
    private let failures: [EgressFailure: Counter]

    init() {
        refusals = Dictionary(
            uniqueKeysWithValues: EgressRefusal.allCases.map { ($0, Counter()) })
        failures = Dictionary(
            uniqueKeysWithValues: EgressFailure.allCases.map { ($0, Counter()) })
    }

    func received(bytes: Int) { received.add(bytes) }

    func sent(bytes: Int) { sent.add(bytes) }

    func refused(_ refusal: EgressRefusal) { refusals[refusal]?.add(1) }

    func failed(_ failure: EgressFailure) { failures[failure]?.add(1) }

    func connectionOpened() {
        active.wrappingAdd(1, ordering: .relaxed)
        opened.add(1)
    }

    func connectionClosed() { active.wrappingSubtract(1, ordering: .relaxed) }

    var snapshot: EgressTraffic {
        EgressTraffic(
            bytesReceived: received.current, bytesSent: sent.current, connections: opened.current,
            activeConnections: active.load(ordering: .relaxed),
            refused: refusals.mapValues(\.current).filter { $0.value > 0 },
            failed: failures.mapValues(\.current).filter { $0.value > 0 })
    }
}
