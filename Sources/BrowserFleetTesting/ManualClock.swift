// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import BrowserFleetRuntime
import Synchronization

/// A clock that stands still until a test moves it.
///
/// Settle by handshake, never by sleeping: ``nextSleepScheduled(after:)`` returns once the code
/// under test has gone to sleep, then ``advance(by:)`` wakes what is due.
public final class ManualClock: FleetClock {
    private struct Sleeper {
        let number: Int
        let until: FleetInstant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: FleetInstant
        var scheduled = 0
        var cancelled: Set<Int> = []
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []
    }

    private let state: Mutex<State>
    private let epoch: Int64

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - now: where it stands.
    ///   - epoch: the wall-clock time of the origin, in milliseconds since 1970.
    public init(now: FleetInstant = .origin, epoch: Int64 = 1_800_000_000_000) {
        state = Mutex(State(now: now))
        self.epoch = epoch
    }

    /// Where the clock stands.
    public var now: FleetInstant { state.withLock { $0.now } }

    /// Follows the clock from `epoch` on.
    public var unixMilliseconds: Int64 { epoch + now.nanoseconds / 1_000_000 }

    /// How often anything went to sleep so far.
    public var sleepsScheduled: Int { state.withLock { $0.scheduled } }

    /// Suspends until the clock was moved to `instant`.
    public func sleep(until instant: FleetInstant) async throws {
        let number = state.withLock { state in
            state.scheduled += 1
            return state.scheduled
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(Sleeper(number: number, until: instant, continuation: continuation))
            }
        } onCancel: {
            cancel(number)
        }
    }

    /// Returns once more than `count` sleeps were scheduled; take ``sleepsScheduled`` before the
    /// step whose sleep is awaited.
    public func nextSleepScheduled(after count: Int) async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.scheduled > count { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isDue { continuation.resume() }
        }
    }

    /// Moves the clock and wakes what is due, in the order of the deadlines.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let now = state.now
            let due = state.sleepers.filter { $0.until <= now }
            state.sleepers.removeAll { $0.until <= now }
            return due.sorted { ($0.until, $0.number) < ($1.until, $1.number) }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    private func enqueue(_ sleeper: Sleeper) {
        let (outcome, watchers) = state.withLock { state -> (Result<Void, any Error>?, [Watcher]) in
            let watchers = state.watchers.filter { $0.count < state.scheduled }
            state.watchers.removeAll { $0.count < state.scheduled }
            if state.cancelled.remove(sleeper.number) != nil {
                return (.failure(CancellationError()), watchers)
            }
            if sleeper.until <= state.now { return (.success(()), watchers) }
            state.sleepers.append(sleeper)
            return (nil, watchers)
        }
        if let outcome { sleeper.continuation.resume(with: outcome) }
        for watcher in watchers { watcher.continuation.resume() }
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
                state.cancelled.insert(number)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
