// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A point on a monotonic clock that a machine is told about and never reads for itself.
///
/// Counted in whole nanoseconds from an origin that the driver chooses (process start, or zero in
/// the simulator). Instants of two processes cannot be compared; wall-clock times are made in the
/// shell, from a pair of readings.
public struct FleetInstant: InstantProtocol, Hashable, Sendable {
    /// Nanoseconds since the origin of the clock that made this instant.
    public let nanoseconds: Int64

    /// Creates the instant that lies `nanoseconds` after the origin.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The origin of the clock.
    public static let origin = FleetInstant(nanoseconds: 0)

    /// The last instant there is; stands for "never" where a deadline is compared.
    public static let distantFuture = FleetInstant(nanoseconds: .max)

    /// This instant moved by `duration`, held at the ends of the clock instead of overflowing.
    public func advanced(by duration: Duration) -> FleetInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        guard overflow else { return FleetInstant(nanoseconds: sum) }
        return FleetInstant(nanoseconds: duration < .zero ? .min : .max)
    }

    /// The time from this instant to `other`; negative if `other` is earlier.
    public func duration(to other: FleetInstant) -> Duration {
        let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        guard overflow else { return .nanoseconds(difference) }
        return .nanoseconds(other.nanoseconds < nanoseconds ? Int64.min : Int64.max)
    }

    /// Whether `left` comes before `right` on the same clock.
    public static func < (left: FleetInstant, right: FleetInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// This duration in whole nanoseconds, rounded towards zero and held at the range of `Int64`
    /// (about 292 years).
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard overflow || carried else { return sum }
        return seconds < 0 ? .min : .max
    }
}
