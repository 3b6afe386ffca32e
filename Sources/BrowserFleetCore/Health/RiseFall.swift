// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What checks in a row make of a server's health, as load balancers count.
///
/// A server that is new becomes healthy by its first passed check (AWS ALB), or unhealthy by as many
/// failed ones as any other. Afterwards `rise` passed checks in a row turn unhealthy to healthy, and
/// `fall` failed ones in a row turn healthy to unhealthy; a check of the other kind begins the count
/// anew. States: `initial` -> `healthy`, `unhealthy`; `healthy` <-> `unhealthy`.
public struct RiseFall: Hashable, Sendable {
    /// The opinion.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Too little is known.
        case initial
        /// It may be given browsers.
        case healthy
        /// It should not.
        case unhealthy
    }

    /// Passed checks in a row that make a server healthy.
    public let rise: Int
    /// Failed checks in a row that make a server unhealthy.
    public let fall: Int
    /// The opinion so far.
    public private(set) var state = State.initial
    /// Checks in a row that speak against the opinion.
    public private(set) var against = 0

    /// Begins without an opinion. Counts below 1 are taken as 1.
    ///
    /// - Parameters:
    ///   - rise: `HEALTHY_THRESHOLD`.
    ///   - fall: `UNHEALTHY_THRESHOLD`.
    public init(rise: Int = 2, fall: Int = 3) {
        self.rise = max(1, rise)
        self.fall = max(1, fall)
    }

    /// Takes one check's outcome. Returns the new opinion if it changed.
    public mutating func observe(passed: Bool) -> State? {
        switch state {
        case .initial:
            if passed { return turn(to: .healthy) }
            return count(until: fall, to: .unhealthy)
        case .healthy:
            if passed { return calm() }
            return count(until: fall, to: .unhealthy)
        case .unhealthy:
            if !passed { return calm() }
            return count(until: rise, to: .healthy)
        }
    }

    private mutating func calm() -> State? {
        against = 0
        return nil
    }

    private mutating func count(until limit: Int, to next: State) -> State? {
        against += 1
        return against >= limit ? turn(to: next) : nil
    }

    private mutating func turn(to next: State) -> State {
        state = next
        against = 0
        return next
    }
}
