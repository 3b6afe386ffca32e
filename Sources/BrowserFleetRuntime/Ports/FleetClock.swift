// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The clock port: what the drivers read and sleep on.
///
/// Live: ``MonotonicClock``. Controllable and unimplemented twins are in `BrowserFleetTesting`.
public protocol FleetClock: Sendable {
    /// The present instant.
    var now: FleetInstant { get }

    /// Milliseconds since 1970 in UTC, for people: never compared, never a deadline.
    var unixMilliseconds: Int64 { get }

    /// Suspends until `instant`, or throws `CancellationError` when the task is cancelled first.
    func sleep(until instant: FleetInstant) async throws
}

extension FleetClock {
    /// The wall-clock time of `instant` in milliseconds since 1970, as far as it can be told now.
    public func unixMilliseconds(at instant: FleetInstant) -> Int64 {
        let (sum, overflow) = unixMilliseconds.addingReportingOverflow(
            now.duration(to: instant).wholeNanoseconds / 1_000_000)
        return overflow ? .max : sum
    }
}

/// The machine's monotonic clock, counted from the first use in this process.
public struct MonotonicClock: FleetClock {
    private static let origin = ContinuousClock.now

    /// Creates the clock; all instances share one origin.
    public init() {}

    /// Time since the first use of the clock in this process.
    public var now: FleetInstant {
        FleetInstant.origin.advanced(by: Self.origin.duration(to: .now))
    }

    /// The machine's wall clock.
    public var unixMilliseconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Suspends until `instant`; the end of the clock means for ever.
    public func sleep(until instant: FleetInstant) async throws {
        let wait = now.duration(to: instant)
        guard wait > .zero else { return }
        try await Task.sleep(for: wait, clock: .continuous)
    }
}
