// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("The earliest of many deadlines")
struct DeadlineHeapTests {
    @Test("it answers as a plain list would", arguments: UInt64(1)...20)
    func equalsList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var heap = DeadlineHeap(capacity: 16)
        var list = [Int64?](repeating: nil, count: 16)
        for _ in 0..<500 {
            let index = Int.random(in: 0..<16, using: &random)
            let instant =
                Bool.random(using: &random) ? Int64.random(in: 0..<9, using: &random) : nil
            heap.set(index, to: instant.map(FleetInstant.init(nanoseconds:)))
            list[index] = instant
            let earliest = list.indices.filter { list[$0] != nil }
                .min { (list[$0] ?? 0, $0) < (list[$1] ?? 0, $1) }
            #expect(heap.first?.index == earliest, "seed \(seed)")
            #expect(heap.count == list.count { $0 != nil })
        }
    }

    @Test("what is due comes in the order of time, then of number")
    func popsInOrder() {
        var heap = DeadlineHeap(capacity: 5)
        for (index, instant) in [30, 10, 20, 10, 40].enumerated() {
            heap.set(index, to: FleetInstant(nanoseconds: Int64(instant)))
        }
        var due: [Int] = []
        while let next = heap.popDue(at: FleetInstant(nanoseconds: 30)) { due.append(next) }
        #expect(due == [1, 3, 2, 0])
        #expect(heap[4] == FleetInstant(nanoseconds: 40))
        #expect(heap[0] == nil)
    }
}
