// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Gives a launch up from outside: by its deadline, or because the caller left.
///
/// Stopping means killing the process; everything that waits for it then ends by itself, so a
/// launch has one way out, not one for each place where it may be waiting.
final class LaunchStopper: Sendable {
    /// Why a launch was given up.
    enum Cause: Sendable {
        case deadline
        case cancelled
    }

    private struct State: Sendable {
        var cause: Cause?
        var child: ChildProcess?
        var root: ProcessHandle?
    }

    private let state = Mutex(State())

    /// Why, if it was.
    var cause: Cause? { state.withLock { $0.cause } }

    /// Names the process to kill; kills it at once if the launch was given up already.
    func adopt(_ child: ChildProcess) {
        let isStopped = state.withLock { state in
            state.child = child
            return state.cause != nil
        }
        if isStopped { child.kill() }
    }

    /// Names the first process of the jail, as soon as it is known: from here on that one is
    /// killed, since the kernel then ends all others, and bubblewrap reaps it and leaves.
    func adopt(root: ProcessHandle) {
        let isStopped = state.withLock { state in
            state.root = root
            return state.cause != nil
        }
        if isStopped { root.kill() }
    }

    /// Gives the launch up; the first cause stays.
    func stop(_ cause: Cause) {
        let known = state.withLock { state in
            state.cause = state.cause ?? cause
            return (child: state.child, root: state.root)
        }
        if let root = known.root { root.kill() } else { known.child?.kill() }
    }

    /// Runs `body` until it is done, `timeout` has passed or the task is cancelled.
    func watch<Answer: Sendable>(
        _ timeout: Duration, _ body: () async throws -> Answer
    ) async throws -> Answer {
        let timer = Task {
            try await Task.sleep(for: timeout)
            stop(.deadline)
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler(operation: body) { stop(.cancelled) }
    }
}
