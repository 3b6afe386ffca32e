// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Counts of what happened since the machine was made. Only grows.
public struct PoolLedger: Hashable, Sendable {
    /// Requests that came.
    public internal(set) var requested = 0
    /// Grants of a browser that was ready before its caller came.
    public internal(set) var grantedWarm = 0
    /// Grants of a browser that its caller waited for.
    public internal(set) var grantedCold = 0
    /// Launches asked for.
    public internal(set) var launches = 0
    /// Launches that failed, those that never answered included.
    public internal(set) var launchFailures = 0
    /// Launches that never answered and were killed.
    public internal(set) var launchTimeouts = 0
    /// Times the pool quarantined itself.
    public internal(set) var quarantines = 0
    private var endedLeases: [EndReason: Int] = [:]
    private var endedUnleased: [EndReason: Int] = [:]
    private var refusals: [Refusal.Reason: Int] = [:]

    /// Creates an empty ledger.
    public init() {}

    /// Requests that got a browser.
    public var granted: Int { grantedWarm + grantedCold }

    /// Requests that were refused.
    public var refused: Int { refusals.values.reduce(0, +) }

    /// Leases that ended for `reason`.
    public func leasesEnded(_ reason: EndReason) -> Int { endedLeases[reason, default: 0] }

    /// Browsers that nobody had and that ended for `reason`.
    public func unleasedEnded(_ reason: EndReason) -> Int { endedUnleased[reason, default: 0] }

    /// Requests refused for `reason`.
    public func refused(_ reason: Refusal.Reason) -> Int { refusals[reason, default: 0] }

    mutating func noteEnd(_ reason: EndReason, leased: Bool) {
        if leased {
            endedLeases[reason, default: 0] += 1
        } else {
            endedUnleased[reason, default: 0] += 1
        }
    }

    mutating func noteRefusal(_ reason: Refusal.Reason) {
        refusals[reason, default: 0] += 1
    }

    mutating func noteGrant(_ start: Grant.Start) {
        switch start {
        case .warm: grantedWarm += 1
        case .cold: grantedCold += 1
        }
    }
}
