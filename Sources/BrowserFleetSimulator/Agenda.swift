// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What is going to happen in a simulated world, by time; at one instant in the order in which it
/// was put in.
struct Agenda<Item: Sendable>: Sendable {
    private struct Entry: Sendable {
        var instant: FleetInstant
        var sequence: Int
        var item: Item

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            left.instant == right.instant
                ? left.sequence < right.sequence : left.instant < right.instant
        }
    }

    private var entries: [Entry] = []
    private var sequence = 0

    /// When the next thing happens.
    var next: FleetInstant? { entries.first?.instant }

    /// Puts in something that happens at `instant`.
    mutating func add(_ item: Item, at instant: FleetInstant) {
        sequence += 1
        entries.append(Entry(instant: instant, sequence: sequence, item: item))
        var child = entries.count - 1
        while child > 0, Entry.precedes(entries[child], entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the next thing.
    mutating func pop() -> (instant: FleetInstant, item: Item)? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return (first.instant, first.item)
    }

    /// Takes out everything that `condition` does not hold of.
    mutating func keep(where condition: (Item) -> Bool) {
        // Sorted is a heap too, and keeps the order of what happens at one instant.
        entries = entries.filter { condition($0.item) }.sorted(by: Entry.precedes)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            let left = 2 * parent + 1
            for child in left..<max(left, min(left + 2, entries.count))
            where Entry.precedes(entries[child], entries[least]) {
                least = child
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
