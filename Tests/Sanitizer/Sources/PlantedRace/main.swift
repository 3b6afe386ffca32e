// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

// Threads that count. The sanitizer must find the races and must understand the lock: a check
// that cannot fail is none, and neither is one that always does.
//
//   PlantedRace no-lock     nobody takes a lock: a race
//   PlantedRace two-locks   everybody takes a lock, but not the same one: a race
//   PlantedRace one-lock    everybody waits for the same lock: no race

/// Counts under a lock of its own into a place that it may share with others.
final class Tally {
    private let ownCount = Mutex(0)
    private let shared: UnsafeMutablePointer<Int>

    init(into shared: UnsafeMutablePointer<Int>) { self.shared = shared }

    func add() {
        ownCount.withLock {
            $0 += 1
            shared.pointee += 1
        }
    }
}

let total = UnsafeMutablePointer<Int>.allocate(capacity: 1)
total.initialize(to: 0)
let tallies = [Tally(into: total), Tally(into: total)]
let kind = CommandLine.arguments.dropFirst().first
let expected = 8 * 10_000
DispatchQueue.concurrentPerform(iterations: 8) { thread in
    for _ in 0..<10_000 {
        switch kind {
        case "no-lock": total.pointee += 1
        case "two-locks": tallies[thread % 2].add()
        case "one-lock": tallies[0].add()
        default: fatalError("which race? no-lock, two-locks or one-lock")
        }
    }
}
if kind == "one-lock" { precondition(total.pointee == expected, "the lock does not lock") }
print(total.pointee)
