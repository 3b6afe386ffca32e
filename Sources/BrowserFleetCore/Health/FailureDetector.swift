// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Notices that one server no longer sends heartbeats, and asks it before it is given up.
///
/// States: `alive` -> `suspect`; `suspect` -> `alive` (a heartbeat or an answer), `lost`; `lost` ->
/// `alive`. Only the observer's monotonic clock counts, so a jump of anybody's wall clock changes
/// nothing. With the defaults a silent server is lost 4 s after its last heartbeat.
public struct FailureDetector: Equatable, Sendable {
    /// What is thought of the server.
    public enum State: Hashable, Sendable {
        /// It was heard of in time.
        case alive
        /// It is silent, and was asked this often.
        case suspect(probes: Int)
        /// It did not answer either.
        case lost
    }

    /// What the detector wants done.
    public enum Action: Hashable, Sendable {
        /// Ask the server whether it lives, on a connection of its own.
        case probe
        /// It is taken to be gone. A fleet may still decline; see ``EvictionBudget``.
        case lost
        /// It is back.
        case returned
    }

    /// How long to wait for what.
    public struct Limits: Hashable, Sendable {
        /// Silence after which a server is suspect: `FAILURE_DETECTION_TIMEOUT`.
        public var timeout: Duration
        /// How often it is asked then.
        public var probes: Int
        /// How long each probe may take.
        public var probeTimeout: Duration

        /// Creates limits.
        public init(
            timeout: Duration = .seconds(3), probes: Int = 3,
            probeTimeout: Duration = .milliseconds(333)
        ) {
            self.timeout = timeout
            self.probes = max(1, probes)
            self.probeTimeout = probeTimeout
        }
    }

    private let limits: Limits
    /// What is thought of the server.
    public private(set) var state = State.alive
    /// When something happens by itself; `nil` while the server is lost.
    public private(set) var nextDeadline: FleetInstant?

    /// Begins with a server that was just heard of.
    public init(limits: Limits = Limits(), at now: FleetInstant) {
        self.limits = limits
        nextDeadline = now.advanced(by: limits.timeout)
    }

    /// A heartbeat or the answer to a probe came.
    public mutating func heard(at now: FleetInstant) -> [Action] {
        let wasLost = state == .lost
        state = .alive
        nextDeadline = now.advanced(by: limits.timeout)
        return wasLost ? [.returned] : []
    }

    /// The timer fired; early is harmless. An observer that stood still itself asks first: a
    /// deadline that passed long ago begins a suspicion, it never ends one.
    public mutating func woke(at now: FleetInstant) -> [Action] {
        guard let deadline = nextDeadline, deadline <= now else { return [] }
        switch state {
        case .lost: return []
        case .alive: return probe(1, at: now)
        case .suspect where deadline.advanced(by: limits.probeTimeout) <= now:
            // The answers to what was asked before may lie unread.
            return probe(1, at: now)
        case .suspect(let probes):
            if probes < limits.probes { return probe(probes + 1, at: now) }
            state = .lost
            nextDeadline = nil
            return [.lost]
        }
    }

    private mutating func probe(_ number: Int, at now: FleetInstant) -> [Action] {
        state = .suspect(probes: number)
        nextDeadline = now.advanced(by: limits.probeTimeout)
        return [.probe]
    }
}

/// Keeps one observer from emptying a fleet: so many evictions a minute, and none by an observer
/// that hears from hardly anybody.
public struct EvictionBudget: Equatable, Sendable {
    /// The share of the servers that may be evicted in ``window``; one always may.
    public let share: Double
    /// The time in which evictions are counted.
    public let window: Duration
    private var evictions: [FleetInstant] = []

    /// Creates a budget that nothing was taken from.
    public init(share: Double = 0.1, window: Duration = .seconds(60)) {
        self.share = share
        self.window = window
    }

    /// How many were evicted in the window that ends at `now`.
    public func recent(at now: FleetInstant) -> Int {
        evictions.count { now < $0.advanced(by: window) }
    }

    /// Whether one more server may be evicted now, and if so counts it.
    ///
    /// - Parameters:
    ///   - known: servers that this observer watches, and those it evicted in the window.
    ///   - silent: those of them it does not hear from, the one in question included.
    ///   - now: the present.
    /// - Returns: false if the budget is spent, or if at least half of several servers are silent,
    ///   which looks like an observer that is cut off.
    public mutating func take(known: Int, silent: Int, at now: FleetInstant) -> Bool {
        evictions.removeAll { $0.advanced(by: window) <= now }
        if known > 1, silent * 2 >= known, silent > 1 { return false }
        if known > 0, silent >= known { return false }
        guard evictions.count < max(1, Int(share * Double(known))) else { return false }
        evictions.append(now)
        return true
    }
}
