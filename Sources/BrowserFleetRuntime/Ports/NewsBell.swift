// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Wakes whoever waits for news. It says that there may be some, never which.
public final class NewsBell: Sendable {
    private struct State {
        var rings: UInt64 = 0
        var next = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Creates a bell that has not rung yet.
    public init() {}

    /// How often it rang. Take this before looking for news, and wait for more than it.
    public var rings: UInt64 { state.withLock { $0.rings } }

    /// Wakes everyone.
    public func ring() {
        let waiters = state.withLock { state in
            state.rings += 1
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when it rang more than `count` times, when the time is over, or when the task is
    /// cancelled.
    public func wait(after count: UInt64, by deadline: StoreDeadline) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(after: count) }
            group.addTask { try? await Task.sleep(until: deadline.instant, clock: .continuous) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(after count: UInt64) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    if state.rings > count || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
