// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization

/// How the pipe of a host came to its end.
public enum DevToolsEnd: Sendable, Equatable {
    /// The browser's side closed, or the host was ended.
    case pipeClosed
    /// A client sent `Browser.close`, and has its answer.
    case closeRequested
}

/// What a host knows that callers on other threads ask for.
final class HostState: BridgeObserver {
    private struct Pages {
        /// Pages by the time of their last touch, latest last. Bounded by the browser's pages.
        var touched: [String] = []
        var end: DevToolsEnd?
        var waiters: [CheckedContinuation<DevToolsEnd, Never>] = []
    }

    private static let never = Int64.min
    private let activityNanoseconds = Atomic<Int64>(HostState.never)
    private let pages = Mutex(Pages())

    /// When a client last sent or received something.
    var lastActivity: FleetInstant? {
        let value = activityNanoseconds.load(ordering: .relaxed)
        return value == Self.never ? nil : FleetInstant(nanoseconds: value)
    }

    /// The page last attached to or navigated.
    var lastPage: String? { pages.withLock { $0.touched.last } }

    /// Answers once the pipe closed or a client asked for the close.
    func awaitEnd() async -> DevToolsEnd {
        await withCheckedContinuation { continuation in
            let end = pages.withLock { state -> DevToolsEnd? in
                if state.end == nil { state.waiters.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    func activity(at instant: FleetInstant) {
        activityNanoseconds.store(instant.nanoseconds, ordering: .relaxed)
    }

    func pageTouched(_ targetID: String) {
        pages.withLock { state in
            state.touched.removeAll { $0 == targetID }
            state.touched.append(targetID)
        }
    }

    func pageGone(_ targetID: String) {
        pages.withLock { $0.touched.removeAll { $0 == targetID } }
    }

    func closeRequested() { finish(.closeRequested) }

    func pipeClosed() { finish(.pipeClosed) }

    private func finish(_ end: DevToolsEnd) {
        let waiters = pages.withLock { state -> [CheckedContinuation<DevToolsEnd, Never>] in
            guard state.end == nil else { return [] }
            state.end = end
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: end) }
    }
}
