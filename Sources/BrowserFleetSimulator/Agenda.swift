// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What is going to happen in a simulated world, by time; at one instant in the order in which it
/// was put in.
struct Agenda<Item: Sendable>: Sendable {
    /// Small, because these are what is moved about; what is to happen lies still in `items`.
    private struct Entry: Sendable {
        var instant: FleetInstant
        var sequence: Int
        var place: Int

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            left.instant == right.instant
                ? left.sequence < right.sequence : left.instant < right.instant
        }
    }

    private var entries: [Entry] = []
    private var items: [Item?] = []
    private var emptyPlaces: [Int] = []
    private var sequence = 0

    /// When the next thing happens.
    var next: FleetInstant? { entries.first?.instant }

    /// Puts in something that happens at `instant`.
    mutating func add(_ item: Item, at instant: FleetInstant) {
        sequence += 1
        entries.append(Entry(instant: instant, sequence: sequence, place: keep(item)))
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
        return take(first.place).map { (first.instant, $0) }
    }

    /// Takes out everything that `condition` does not hold of.
    mutating func keep(where condition: (Item) -> Bool) {
        let dropped = entries.filter { !holds($0, condition) }
        // Sorted is a heap too, and keeps the order of what happens at one instant.
        entries = entries.filter { holds($0, condition) }.sorted(by: Entry.precedes)
        for entry in dropped { _ = take(entry.place) }
    }

    private func holds(_ entry: Entry, _ condition: (Item) -> Bool) -> Bool {
        items[entry.place].map(condition) ?? false
    }

    private mutating func keep(_ item: Item) -> Int {
        guard let place = emptyPlaces.popLast() else {
            items.append(item)
            return items.count - 1
        }
        items[place] = item
        return place
    }

    private mutating func take(_ place: Int) -> Item? {
        let item = items[place]
        items[place] = nil
        emptyPlaces.append(place)
        return item
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
