// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How long a place in the queue takes, learned from the waits between grants while callers wait.
struct WaitEstimate: Equatable, Sendable {
    /// Smoothed time from one grant to the next while somebody waits.
    private(set) var interval: Duration
    private var lastGrant: FleetInstant?

    /// Begins with a guess: one second a place, until grants tell otherwise.
    init(interval: Duration = .seconds(1)) {
        self.interval = interval
    }

    /// A caller that had waited since `arrival` was served. An eighth of the difference is learned.
    mutating func served(arrival: FleetInstant, at now: FleetInstant) {
        let from = max(arrival, lastGrant ?? arrival)
        lastGrant = now
        interval += (from.duration(to: now) - interval) / 8
    }

    /// How long a caller at `place`, counted from 1, will wait.
    func wait(place: Int) -> Duration { interval * place }

    /// The same as an honest `Retry-After`: never less than a second, never more than ten minutes.
    func retryAfter(place: Int) -> Duration {
        max(.seconds(1), min(wait(place: place), .seconds(600)))
    }
}
