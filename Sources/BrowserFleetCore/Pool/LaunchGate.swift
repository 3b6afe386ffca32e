// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Paces launches: how many at once, how long to pause after a failure, and when to stop trusting
/// this server (quarantine).
///
/// Legal changes:
///
/// - `open` -> `backingOff`, `quarantined`
/// - `backingOff` -> `open`, `quarantined`
/// - `quarantined` -> `probing`, `open` (a launch that was still under way succeeded)
/// - `probing` -> `open`, `quarantined`
struct LaunchGate: Equatable, Sendable {
    /// The gate's states.
    enum State: Equatable, Sendable {
        /// Launches go ahead.
        case open
        /// None until then.
        case backingOff(until: FleetInstant)
        /// None until then, and callers are refused.
        case quarantined(until: FleetInstant)
        /// One launch may try; callers are still refused.
        case probing
    }

    private let limits: LaunchLimits
    private(set) var state = State.open
    /// Failed launches in a row.
    private(set) var failures = 0

    /// Creates an open gate.
    init(limits: LaunchLimits) {
        self.limits = limits
    }

    /// Whether callers should be sent elsewhere.
    var isQuarantined: Bool {
        switch state {
        case .open, .backingOff: false
        case .quarantined, .probing: true
        }
    }

    /// Whether the next launch is one that nobody has to want.
    var isProbing: Bool { state == .probing }

    /// When ``elapse(at:)`` has something to do.
    var nextDeadline: FleetInstant? {
        switch state {
        case .open, .probing: nil
        case .backingOff(let until), .quarantined(let until): until
        }
    }

    /// Whether one more launch may begin while `starting` are under way.
    func admits(starting: Int) -> Bool {
        switch state {
        case .open: starting < limits.concurrency
        case .backingOff, .quarantined: false
        case .probing: starting == 0
        }
    }

    /// How long until it makes sense to ask again: the pause that is left, at least a second.
    func retryAfter(at now: FleetInstant) -> Duration {
        max(.seconds(1), nextDeadline.map { now.duration(to: $0) } ?? limits.firstBackOff)
    }

    /// A pause may be over.
    mutating func elapse(at now: FleetInstant) {
        switch state {
        case .backingOff(let until) where until <= now: state = .open
        case .quarantined(let until) where until <= now: state = .probing
        case .open, .backingOff, .quarantined, .probing: break
        }
    }

    /// A launch succeeded: everything is forgiven.
    mutating func succeeded() {
        failures = 0
        state = .open
    }

    /// A launch failed. Returns true if the pool enters quarantine by it.
    mutating func failed(at now: FleetInstant) -> Bool {
        failures += 1
        let until = now.advanced(by: pause)
        guard failures >= limits.quarantineAfter else {
            state = .backingOff(until: until)
            return false
        }
        let isNew = !isQuarantined
        state = .quarantined(until: until)
        return isNew
    }

    /// The first pause, doubled with every further failure, up to the longest.
    private var pause: Duration {
        var pause = limits.firstBackOff
        for _ in 1..<max(2, min(failures, 40)) where failures > 1 {
            pause = min(pause * 2, limits.longestBackOff)
        }
        return pause
    }
}
