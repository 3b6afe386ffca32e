// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What is in a slot. Legal changes:
///
/// - `empty` -> `starting`
/// - `starting` -> `warm`, `failed`, `ending` (a drain gives the launch up)
/// - `warm` -> `leased`, `ending`
/// - `leased` -> `ending`
/// - `ending` -> `empty`
/// - `failed` -> `empty`
public enum SlotState: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case empty
    /// A launch under way.
    case starting
    /// A browser nobody has had.
    case warm
    /// A browser somebody has.
    case leased
    /// A browser being destroyed.
    case ending
    /// A launch that failed, its remains being destroyed.
    case failed
}

/// One slot of the pool: its state with all that belongs to it.
struct Slot: Equatable, Sendable {
    /// The browser's one lease.
    struct Lease: Equatable, Sendable {
        var request: RequestID
        var owner: String
        var clock: LeaseClock
    }

    /// ``SlotState`` with its contents; the legal changes stand there.
    enum State: Equatable, Sendable {
        case empty
        case starting
        case warm
        case leased(Lease)
        case ending
        case failed
    }

    /// The present or latest occupation.
    var id: SlotID
    /// What the browser was started with.
    var properties = LaunchProperties.headless
    var state = State.empty
    /// When the slot came into its state.
    var since = FleetInstant.origin

    /// The state without its contents.
    var word: SlotState {
        switch state {
        case .empty: .empty
        case .starting: .starting
        case .warm: .warm
        case .leased: .leased
        case .ending: .ending
        case .failed: .failed
        }
    }
}
