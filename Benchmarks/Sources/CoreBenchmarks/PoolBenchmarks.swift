// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// A pool that is driven without a browser: every launch succeeds at once.
private struct InstantPool {
    var machine: PoolMachine
    var now = FleetInstant.origin
    var lastRequest = 0
    var held: [LeaseID] = []

    init(slots: Int) {
        let configuration = PoolConfiguration(
            maxBrowsers: slots, warmHeadless: slots,
            launch: LaunchLimits(concurrency: slots))
        machine = PoolMachine(configuration: configuration, seed: 1)
        obey(machine.handle(.started, at: now))
    }

    /// One create call: the request goes in, the grant comes out.
    mutating func acquire() {
        lastRequest += 1
        let request = PoolRequest(id: RequestID(lastRequest), owner: "key")
        obey(machine.handle(.requested(request), at: now))
    }

    /// One delete call, up to the next warm browser in the slot.
    mutating func release() {
        guard let lease = held.popLast() else { return }
        obey(machine.handle(.finish(lease, .deleted), at: now))
    }

    private mutating func obey(_ actions: [PoolMachine.Action]) {
        for action in actions {
            switch action {
            case .launch(let slot, _): obey(machine.handle(.launched(slot), at: now))
            case .grant(_, let grant): held.append(grant.lease)
            case .end(let slot, _, _): obey(machine.handle(.ended(slot), at: now))
            case .refuse, .kill, .probeActivity, .drained: break
            }
        }
    }
}

/// Granting a warm browser, alone and with the rest of its life.
func poolBenchmarks() -> [Measurement] {
    let slots = 64
    var pool = InstantPool(slots: slots)
    let whole = measure("pool grant, end, relaunch", count: 20_000) { _ in
        pool.acquire()
        pool.release()
    }
    precondition(pool.machine.counts.leased == 0, "a lease was left over")
    return [grantAlone(slots: slots), whole]
}

/// Only the grants are timed: the pool is filled again outside of the clock.
private func grantAlone(slots: Int) -> Measurement {
    var pool = InstantPool(slots: slots)
    let rounds = 2_000
    var times: [Double] = []
    times.reserveCapacity(rounds)
    pool.held.reserveCapacity(slots)
    var blocks: UInt64 = 0
    for _ in 0..<rounds {
        let before = allocationCount()
        let begin = processorTime()
        for _ in 0..<slots { pool.acquire() }
        let time = processorTime() - begin
        blocks += allocationCount() - before
        precondition(pool.held.count == slots, "a request was not granted")
        times.append(Double(time) / Double(slots))
        for _ in 0..<slots { pool.release() }
    }
    return Measurement(
        name: "pool grant", nanoseconds: times.sorted()[rounds / 2],
        allocations: Double(blocks) / Double(rounds * slots))
}
