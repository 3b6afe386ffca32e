// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The earliest of many deadlines, each kept under a small number: a binary heap that knows where
/// each number stands, so a change costs O(log n) and the earliest is always at hand.
///
/// Deadlines at the same instant come in the order of their numbers.
struct DeadlineHeap: Equatable, Sendable {
    /// One deadline.
    struct Entry: Equatable, Sendable {
        var instant: FleetInstant
        var index: Int

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            left.instant == right.instant
                ? left.index < right.index : left.instant < right.instant
        }
    }

    private static let absent = -1

    private var entries: [Entry] = []
    /// Where in `entries` each number stands.
    private var positions: [Int]

    /// A heap for the numbers 0 to `capacity - 1`.
    init(capacity: Int) {
        positions = Array(repeating: Self.absent, count: capacity)
    }

    /// Makes room for one number more, and says which.
    mutating func grow() -> Int {
        positions.append(Self.absent)
        return positions.count - 1
    }

    /// The earliest deadline.
    var first: Entry? { entries.first }

    /// How many deadlines there are.
    var count: Int { entries.count }

    /// The deadline kept under `index`.
    subscript(index: Int) -> FleetInstant? {
        let position = positions[index]
        return position == Self.absent ? nil : entries[position].instant
    }

    /// Sets, moves or (with `nil`) removes the deadline kept under `index`.
    mutating func set(_ index: Int, to instant: FleetInstant?) {
        let position = positions[index]
        guard let instant else { return remove(at: position) }
        if position == Self.absent {
            entries.append(Entry(instant: instant, index: index))
            positions[index] = entries.count - 1
            rise(from: entries.count - 1)
        } else {
            entries[position].instant = instant
            settle(position)
        }
    }

    /// Removes and returns the number of the earliest deadline, if that has come by `now`.
    mutating func popDue(at now: FleetInstant) -> Int? {
        guard let first = entries.first, first.instant <= now else { return nil }
        remove(at: 0)
        return first.index
    }

    private mutating func remove(at position: Int) {
        guard position != Self.absent else { return }
        let last = entries.count - 1
        swapEntries(position, last)
        positions[entries.removeLast().index] = Self.absent
        if position < last { settle(position) }
    }

    private mutating func settle(_ position: Int) {
        rise(from: position)
        sink(from: position)
    }

    private mutating func rise(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard Entry.precedes(entries[child], entries[parent]) else { return }
            swapEntries(child, parent)
            child = parent
        }
    }

    private mutating func sink(from start: Int) {
        var parent = start
        while true {
            var least = parent
            let left = 2 * parent + 1
            for child in left..<min(left + 2, max(left, entries.count)) {
                if Entry.precedes(entries[child], entries[least]) { least = child }
            }
            guard least != parent else { return }
            swapEntries(parent, least)
            parent = least
        }
    }

    private mutating func swapEntries(_ left: Int, _ right: Int) {
        guard left != right else { return }
        entries.swapAt(left, right)
        positions[entries[left].index] = left
        positions[entries[right].index] = right
    }
}
