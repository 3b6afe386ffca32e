// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A caller's browser: what is said when a request succeeds.
public struct Grant: Hashable, Sendable {
    /// Whether the browser was ready before the caller came.
    public enum Start: String, Hashable, Sendable, CaseIterable {
        /// It was: the caller got a warm browser.
        case warm
        /// It was not: the caller waited for a start.
        case cold
    }

    /// The lease that begins; its ``LeaseID/slot`` says which browser.
    public var lease: LeaseID
    /// Whether the browser was ready before the caller came.
    public var start: Start
    /// When the lease ends at the latest, jitter included.
    public var expiresAt: FleetInstant
    /// How long the caller waited.
    public var waited: Duration

    /// Creates a grant.
    public init(lease: LeaseID, start: Start, expiresAt: FleetInstant, waited: Duration) {
        self.lease = lease
        self.start = start
        self.expiresAt = expiresAt
        self.waited = waited
    }
}
