// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What the driver knows to be in a slot.
///
/// States: announced -> launching, announced -> doomed, launching -> running, launching -> doomed,
/// running -> ending. A doomed launch ends its browser itself, once it has one.
enum Occupant<Browser: LaunchedBrowser>: Sendable {
    /// A launch was asked for and has not begun.
    case announced
    /// A launch is under way; cancelling the task gives it up.
    case launching(Task<Void, Never>)
    /// A launch was given up and is being cleaned away.
    case doomed
    /// A browser runs.
    case running(Browser)
    /// A browser is being destroyed.
    case ending(Browser)
}

/// A caller on its way through the pool.
///
/// States: announced -> waiting, announced -> cancelled; removed when it has its answer.
enum Caller<Browser: LaunchedBrowser>: Sendable {
    /// The answer, and whom to give it.
    struct Wait: Sendable {
        let request: AcquireRequest
        let continuation: CheckedContinuation<Result<Lease<Browser>, PoolError>, Never>
    }

    /// Has an ID, but the machine was not told yet.
    case announced
    /// Went away before the machine was told.
    case cancelled
    /// Waits for the machine's answer.
    case waiting(Wait)
}
