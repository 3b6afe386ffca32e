// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One at a time: all who come while one is at it share the one turn behind it. So nobody waits for
/// more than two.
final class SharedTurn: Sendable {
    private typealias Waiter = CheckedContinuation<Bool, Never>

    private struct State {
        var isTaken = false
        /// Whoever is served by the turn that runs, besides the one who runs it.
        var served: [Waiter] = []
        /// Whoever is served by the next one.
        var waiting: [Waiter] = []
    }

    private let state = Mutex(State())

    /// How many wait for the next turn.
    var waiting: Int { state.withLock(\.waiting.count) }

    /// Runs `body`, or returns when another's that began after this call has ended.
    func take(_ body: () async -> Void) async {
        let isLeading = await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                defer { state.isTaken = true }
                if state.isTaken { state.waiting.append(continuation) }
                return !state.isTaken
            }
            if isFree { continuation.resume(returning: true) }
        }
        guard isLeading else { return }
        await body()
        let (served, next) = state.withLock { state -> ([Waiter], Waiter?) in
            let served = state.served
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            (state.served, state.waiting, state.isTaken) = (state.waiting, [], next != nil)
            return (served, next)
        }
        for waiter in served { waiter.resume(returning: false) }
        next?.resume(returning: true)
    }
}
