// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How long a place in the queue takes, learned from the waits between grants while callers wait.
///
/// A queue that stands still is evidence too: while nobody is served, a place takes at least as
/// long as that has lasted. So an estimate made under long leases is not the hope of a quiet hour.
struct WaitEstimate: Equatable, Sendable {
    /// Smoothed time from one grant to the next while somebody waits.
    private(set) var interval: Duration
    /// When somebody was last served, or began to wait if that was later; `nil` if nobody waits.
    private var stalledSince: FleetInstant?

    /// Begins with a guess: one second a place, until grants tell otherwise.
    init(interval: Duration = .seconds(1)) {
        self.interval = interval
    }

    /// A caller has begun to wait.
    mutating func joined(at now: FleetInstant) {
        if stalledSince == nil { stalledSince = now }
    }

    /// A caller that waited was served. An eighth of the difference is learned.
    mutating func served(at now: FleetInstant) {
        interval += (stall(at: now) - interval) / 8
        stalledSince = now
    }

    /// Nobody waits any more. What the last of them waited in vain is remembered.
    mutating func emptied(at now: FleetInstant) {
        interval = max(interval, stall(at: now))
        stalledSince = nil
    }

    /// How long a caller at `place`, counted from 1, will wait.
    func wait(place: Int, at now: FleetInstant) -> Duration {
        max(interval, stall(at: now)) * place
    }

    /// The same as an honest `Retry-After`: never less than a second, never more than ten minutes.
    func retryAfter(place: Int, at now: FleetInstant) -> Duration {
        max(.seconds(1), min(wait(place: place, at: now), .seconds(600)))
    }

    private func stall(at now: FleetInstant) -> Duration {
        stalledSince.map { $0.duration(to: now) } ?? .zero
    }
}
