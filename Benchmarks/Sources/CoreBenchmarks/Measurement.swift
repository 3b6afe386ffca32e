// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import CMeasurement

/// What one operation costs.
struct Measurement {
    /// What was done, in the words of the table.
    let name: String
    /// The median over the rounds: processor time, in nanoseconds an operation.
    let nanoseconds: Double
    /// Heap blocks asked for, an operation.
    let allocations: Double

    /// One line of JSON.
    var json: String {
        "{\"name\":\"\(name)\",\"nanoseconds\":\(nanoseconds),\"allocations\":\(allocations)}"
    }
}

/// Keeps the optimiser from removing work whose result nobody reads.
@inline(never)
func keep<Value>(_ value: borrowing Value) {}

/// Runs `operation` in rounds of `count` and takes the median round; it gets the number of the run,
/// so that inputs can vary.
func measure(
    _ name: String, rounds: Int = 9, count: Int, operation: (Int) -> Void
) -> Measurement {
    for run in 0..<count { operation(run) }
    let before = allocationCount()
    var times: [Double] = []
    times.reserveCapacity(rounds)
    for _ in 0..<rounds {
        let begin = processorTime()
        for run in 0..<count { operation(run) }
        times.append(Double(processorTime() - begin) / Double(count))
    }
    let blocks = Double(allocationCount() - before) / Double(rounds * count)
    return Measurement(name: name, nanoseconds: times.sorted()[rounds / 2], allocations: blocks)
}

/// Heap blocks this program has asked for.
func allocationCount() -> UInt64 { allocation_count() }

/// Processor time this thread has used, in nanoseconds.
func processorTime() -> UInt64 { processor_nanoseconds() }
