// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What one key has, and what it may still take.
public struct KeyUsage: Hashable, Sendable {
    /// The limits that were asked about.
    public let limits: KeyLimits

    /// How many browsers the key has or waits for.
    public let concurrentBrowsers: Int

    /// How many creates the rate would admit now, one after the other; `nil` without a rate.
    public let createsLeft: Int?

    /// The refusal that a create would meet now, with the time after which it would not; `nil` if
    /// it would be admitted.
    public let refusal: KeyRefusal?
}
