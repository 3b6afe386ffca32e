// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What each further signal to a server means.
struct StopRequests: Equatable, Sendable {
    /// What to do about a signal.
    enum Step: Equatable, Sendable {
        /// Take no more leases, and give those that there are their grace.
        case drain
        /// End the leases now.
        case hurry
        /// Leave, whatever is left.
        case leave
    }

    private var count = 0

    /// The step for the next signal.
    mutating func next() -> Step {
        count += 1
        switch count {
        case 1: return .drain
        case 2: return .hurry
        default: return .leave
        }
    }
}
