// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// The browsers that ended lately, so that a late call hears why instead of "unknown".
struct Tombstones {
    private let capacity: Int
    private var records: [BrowserID: BrowserRecord] = [:]
    private var order: [BrowserID] = []
    private var oldest = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Remembers `record` and forgets the oldest over the capacity.
    mutating func bury(_ record: BrowserRecord) {
        records[record.id] = record
        if order.count < capacity {
            order.append(record.id)
            return
        }
        records[order[oldest]] = nil
        order[oldest] = record.id
        oldest = (oldest + 1) % capacity
    }

    /// The record of an ended browser, if it is remembered.
    func find(_ id: BrowserID) -> BrowserRecord? { records[id] }

    /// All that is remembered, the oldest first.
    var all: [BrowserRecord] {
        let inOrder = order[oldest...] + order[..<oldest]
        return inOrder.compactMap { records[$0] }
    }
}
