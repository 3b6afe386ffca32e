// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What was seen, so that a run that proves nothing is noticed.
public struct FleetTally: Hashable, Sendable {
    /// Calls that came.
    public internal(set) var asked = 0
    /// Calls that got a browser.
    public internal(set) var made = 0
    /// Calls that had to wait at a gateway.
    public internal(set) var waited = 0
    /// Attempts that a server spoiled.
    public internal(set) var failures = 0
    /// Browsers that came too late and were given back.
    public internal(set) var released = 0
    /// Processes that were started.
    public internal(set) var processes = 0
    /// Times a gateway gave a server up, and times that was wrong.
    public internal(set) var lost = 0
    /// Times a server that was given up lived, was there and could be reached.
    public internal(set) var falselyLost = 0
    /// Times a gateway heard again of a server it had given up.
    public internal(set) var returned = 0
    /// Times a new process replaced one that had not said good-bye.
    public internal(set) var replaced = 0
    /// Heartbeats that were not listened to.
    public internal(set) var stale = 0
    /// Seconds that servers were watched.
    public internal(set) var serverSeconds: Int64 = 0

    /// Nothing was seen.
    public init() {}

    /// Adds another world's.
    public static func += (sum: inout FleetTally, other: FleetTally) {
        sum.asked += other.asked
        sum.made += other.made
        sum.waited += other.waited
        sum.failures += other.failures
        sum.released += other.released
        sum.processes += other.processes
        sum.lost += other.lost
        sum.falselyLost += other.falselyLost
        sum.returned += other.returned
        sum.replaced += other.replaced
        sum.stale += other.stale
        sum.serverSeconds += other.serverSeconds
    }
}
