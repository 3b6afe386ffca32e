// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells a request whether its client is still there, so that a caller that went away while it
/// waited for a browser never gets one.
final class ClientWatch: Sendable {
    private struct State {
        var isGone = false
        var nextNumber = 0
        var actions: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// The watch of the connection whose request this task answers.
    @TaskLocal static var current: ClientWatch?

    init() {}

    /// The client closed its side or the connection broke.
    func clientWentAway() {
        let actions = state.withLock { state in
            defer { state.actions = [:] }
            state.isGone = true
            return state.actions.values.map { $0 }
        }
        for action in actions { action() }
    }

    /// Runs `body` and cancels it when the client goes away meanwhile.
    ///
    /// - Parameter body: the work; it sees the cancellation like that of any task.
    /// - Returns: what the work returns, cancelled or not.
    func whileClientStays<Value: Sendable>(
        _ body: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await body() }
        let number = observe { task.cancel() }
        defer { forget(number) }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func observe(_ action: @escaping @Sendable () -> Void) -> Int {
        let (number, isGone) = state.withLock { state in
            let number = state.nextNumber
            state.nextNumber += 1
            if !state.isGone { state.actions[number] = action }
            return (number, state.isGone)
        }
        if isGone { action() }
        return number
    }

    private func forget(_ number: Int) {
        state.withLock { _ = $0.actions.removeValue(forKey: number) }
    }
}
