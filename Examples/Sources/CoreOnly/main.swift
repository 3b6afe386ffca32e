// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// What the core decides, printed: no browser, no clock, no network. The same values run in the
// server and in the simulator.

import BrowserFleetCore

/// Tells the pool one thing at a second of our own making, and prints what it wants done.
func tell(_ pool: inout PoolMachine, _ event: PoolMachine.Event, second: Int) {
    let now = FleetInstant.origin.advanced(by: .seconds(second))
    print("\(second) s: \(event)")
    for action in pool.handle(event, at: now) { print("       -> \(action)") }
}

var pool = PoolMachine(
    configuration: PoolConfiguration(maxBrowsers: 2, warm: 1), seed: 1)
let slot = SlotID(index: 0, occupation: 1)
let lease = LeaseID(slot: slot)

tell(&pool, .started, second: 0)
tell(&pool, .launched(slot), second: 1)
tell(&pool, .requested(PoolRequest(id: RequestID(1), owner: "ann")), second: 2)
tell(&pool, .connected(lease, ConnectionID(1)), second: 3)
tell(&pool, .finish(lease, .deleted), second: 4)
tell(&pool, .ended(slot), second: 5)
if let deadline = pool.nextDeadline {
    print("wake it at \(deadline.nanoseconds / 1_000_000_000) s")
}

// An ID names its owner: no lookup.
let id = try BrowserID(decoding: "server1-example-com_1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed")
let server = try ServerName("server1.example.com")
print("\(id) belongs to \(server): \(id.belongs(to: server))")
