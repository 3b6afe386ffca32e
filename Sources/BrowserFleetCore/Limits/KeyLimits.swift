// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What the holder of one API key may take. `nil` is no limit of its own.
public struct KeyLimits: Hashable, Sendable {
    /// How many browsers the key may have at once, those still waited for included. Zero is none.
    public var concurrentBrowsers: Int?

    /// How many creates are admitted in a minute, in a burst or spread out. Zero is none.
    public var createsPerMinute: Int?

    /// The highest class of service that the key may ask for.
    public var priorityCap: PriorityClass?

    /// No limits.
    public static let unlimited = KeyLimits()

    /// Creates limits. Negative numbers count as zero.
    public init(
        concurrentBrowsers: Int? = nil,
        createsPerMinute: Int? = nil,
        priorityCap: PriorityClass? = nil
    ) {
        self.concurrentBrowsers = concurrentBrowsers.map { max($0, 0) }
        self.createsPerMinute = createsPerMinute.map { max($0, 0) }
        self.priorityCap = priorityCap
    }

    /// The class that a request for `priority` is served in.
    ///
    /// A wish above the cap is lowered, not refused: the caller gets its browser, only later.
    public func capped(_ priority: PriorityClass) -> PriorityClass {
        priorityCap.map { min($0, priority) } ?? priority
    }
}
