// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Until when a call to a store may take.
public struct StoreDeadline: Hashable, Comparable, Sendable {
    /// The instant, by the machine's monotonic clock.
    public let instant: ContinuousClock.Instant

    /// So long from now.
    public init(after limit: Duration) {
        instant = .now.advanced(by: limit)
    }

    /// What is left; never negative.
    public var remaining: Duration { max(ContinuousClock.now.duration(to: instant), .zero) }

    /// Whether nothing is left.
    public var isOver: Bool { remaining == .zero }

    /// The earlier deadline is the lesser.
    public static func < (left: StoreDeadline, right: StoreDeadline) -> Bool {
        left.instant < right.instant
    }
}
