// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The answer to one call, given once, by whoever is first: the engine or the deadline.
///
/// For engines whose work cannot be stopped halfway, such as a write to a disk that hangs: the
/// caller goes on in time, and what comes later is dropped.
public final class StoreReply<Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Result<Value, StoreError>, Never>

    private enum State {
        case open
        case awaited(Waiter)
        case given(Result<Value, StoreError>)
        case done
    }

    private let state = Mutex(State.open)

    /// Creates a reply that nobody gave yet.
    public init() {}

    /// Whether an answer is still of use.
    public var isWanted: Bool {
        state.withLock { state in
            switch state {
            case .open, .awaited: true
            case .given, .done: false
            }
        }
    }

    /// Gives the answer; one that comes too late is dropped.
    public func give(_ result: Result<Value, StoreError>) {
        let waiter = state.withLock { state -> Waiter? in
            switch state {
            case .open:
                state = .given(result)
                return nil
            case .awaited(let waiter):
                state = .done
                return waiter
            case .given, .done: return nil
            }
        }
        waiter?.resume(returning: result)
    }

    /// Waits for the answer, which is to be awaited once. For a task that is cancelled the deadline
    /// is over.
    ///
    /// - Parameters:
    ///   - deadline: until when.
    ///   - late: what is thrown when there is none by then.
    /// - Returns: what was given.
    /// - Throws: what was given as a failure, or `late`.
    public func value(
        by deadline: StoreDeadline, orThrow late: StoreError
    ) async throws(StoreError) -> Value {
        let timer = Task {
            try await Task.sleep(until: deadline.instant, clock: .continuous)
            give(.failure(late))
        }
        defer { timer.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0) }
        } onCancel: {
            give(.failure(late))
        }
        return try result.get()
    }

    private func wait(_ waiter: Waiter) {
        let given = state.withLock { state -> Result<Value, StoreError>? in
            if case .given(let result) = state {
                state = .done
                return result
            }
            state = .awaited(waiter)
            return nil
        }
        if let given { waiter.resume(returning: given) }
    }
}
