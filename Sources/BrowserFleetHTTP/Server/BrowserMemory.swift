// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import Synchronization

/// The memory of all leased browsers, read now and then: it takes a walk through `/proc` for each
/// browser, which a health probe must not wait for.
final class BrowserMemory: Sendable {
    private struct State {
        var bytes: Int64 = 0
        var readAt: FleetInstant?
        var isReading = false
    }

    private static let interval = Duration.seconds(15)
    private let state = Mutex(State())

    init() {}

    /// The last sum in bytes; begins to read again when it is old.
    ///
    /// - Parameters:
    ///   - browsers: the browsers to sum up.
    ///   - now: the present instant.
    /// - Returns: the sum as it was read last.
    func bytes<Browser: LaunchedBrowser>(
        of browsers: @Sendable @escaping () -> [Browser], at now: FleetInstant
    ) -> Int64 {
        let (bytes, isStale) = state.withLock { state in
            let age = state.readAt.map { $0.duration(to: now) } ?? Self.interval
            let isStale = age >= Self.interval && !state.isReading
            if isStale { state.isReading = true }
            return (state.bytes, isStale)
        }
        if isStale {
            Task {
                var sum: Int64 = 0
                for browser in browsers() { sum += await browser.resources()?.memory ?? 0 }
                let total = sum
                state.withLock { $0 = State(bytes: total, readAt: now, isReading: false) }
            }
        }
        return bytes
    }
}
