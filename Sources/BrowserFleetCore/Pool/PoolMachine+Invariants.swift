// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// What is wrong with the machine's state, one sentence each; empty if nothing is. Looks at
    /// everything: for tests and the simulator, after every event.
    public func checkInvariants() -> [String] {
        var broken: [String] = []
        checkCounts(&broken)
        checkShelves(&broken)
        checkNames(&broken)
        checkSupply(&broken)
        return broken
    }

    private func checkCounts(_ broken: inout [String]) {
        var fresh = PoolCounts(capacity: slots.count)
        fresh.waiting = queue.count
        for slot in slots {
            fresh.change(.empty, by: -1)
            fresh.change(slot.word, by: 1)
            if case .leased(let lease) = slot.state {
                fresh.connections += lease.clock.connections.count
            }
        }
        if fresh != counts { broken.append("counts are \(counts), recounted \(fresh)") }
        if counts.leased > configuration.maxLeases { broken.append("too many leases") }
        let bound = configuration.queueBound + slots.count
        if counts.waiting > bound { broken.append("too many wait") }
    }

    private func checkShelves(_ broken: inout [String]) {
        let sums = shelves.recount
        let kept = (shelves.unmet, shelves.covered, shelves.matched)
        if (sums.unmet, sums.covered, sums.matched) != kept {
            broken.append("unmet, covered, matched are \(kept), recounted \(sums)")
        }
        let counted = (counts.starting, counts.warm, counts.waiting)
        if (sums.starting, sums.warm, sums.waiting) != counted {
            broken.append("starting, warm, waiting are \(counted), on shelves \(sums)")
        }
    }

    private func checkNames(_ broken: inout [String]) {
        for index in slots.indices {
            let id = slots[index].id
            let isEmpty = slots[index].word == .empty
            if id.index != index { broken.append("slot \(id) stands at \(index)") }
            if (deadlines[index] == nil) != isEmpty { broken.append("\(id) has a wrong deadline") }
            if emptyPlaces.contains(index) != isEmpty { broken.append("\(id) is wrongly empty") }
            guard case .leased(let lease) = slots[index].state else { continue }
            if leases[lease.request] != LeaseID(slot: id) || queue[lease.request] != nil {
                broken.append("request \(lease.request) does not lead to its lease \(id)")
            }
        }
        if leases.count != counts.leased { broken.append("\(leases.count) requests have leases") }
        if emptyPlaces.count != counts.empty { broken.append("an empty place stands twice") }
    }

    /// Nobody waits for a browser that stands ready, and a drain leaves nothing behind.
    private func checkSupply(_ broken: inout [String]) {
        let isOpen = mode == .running && pressure.shortage == nil
        let hasLease = counts.leased < configuration.maxLeases
        if isOpen, hasLease, shelves.matched > 0 {
            broken.append("a caller waits before a warm browser")
        }
        if mode != .running, counts.waiting + counts.warm + counts.starting > 0 {
            broken.append("a draining pool keeps callers or browsers nobody has")
        }
    }
}
