// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a pool looks like at one moment, for health answers, metrics and people.
public struct PoolSnapshot: Hashable, Sendable {
    /// Whether the pool takes leases.
    public enum Mode: String, Hashable, Sendable {
        /// It does.
        case running
        /// It does not; existing leases run on.
        case draining
        /// It ends everything.
        case stopping
    }

    /// One slot that is not empty.
    public struct Slot: Hashable, Sendable {
        /// Which occupation.
        public var id: SlotID
        /// `starting`, `warm`, `leased`, `ending` or `failed`.
        public var state: SlotState
        /// When the slot came into this state.
        public var since: FleetInstant
        /// What its browser was started with.
        public var properties: LaunchProperties
        /// Its lease, while leased.
        public var lease: LeaseView?
    }

    /// One lease.
    public struct LeaseView: Hashable, Sendable {
        /// The API key's ID.
        public var owner: String
        /// The request it came from.
        public var request: RequestID
        /// When it ends at the latest.
        public var expiresAt: FleetInstant
        /// Connections now.
        public var connections: Int
    }

    /// Whether the pool takes leases.
    public var mode: Mode
    /// How many slots are in each state.
    public var counts: PoolCounts
    /// Most leases at once.
    public var maxLeases: Int
    /// How long the first of all waiting callers has waited.
    public var oldestWait: Duration?
    /// How long a caller that comes now would wait, as far as recent grants tell.
    public var estimatedWait: Duration
    /// Why the pool would refuse a caller now, whatever the queue; `nil` if it would not.
    public var unready: Refusal.Reason?
    /// What happened so far.
    public var ledger: PoolLedger
    /// Slots that are not empty, by place.
    public var slots: [Slot]
}

/// How many slots are in which state, and how many callers wait.
public struct PoolCounts: Hashable, Sendable {
    /// Slots in all.
    public var capacity: Int
    /// Nothing in them.
    public var empty: Int
    /// A launch under way.
    public var starting: Int
    /// A browser nobody has had.
    public var warm: Int
    /// A browser somebody has.
    public var leased: Int
    /// Being destroyed, after a lease or a failed launch.
    public var ending: Int
    /// Callers that wait.
    public var waiting: Int
    /// Connections of all leases.
    public var connections: Int

    /// Leases that could begin before any ends, as far as slots go.
    public var available: Int { capacity - leased - ending }
}
