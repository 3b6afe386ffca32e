// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore

/// Says whether a connection that others take to be idle has carried forwarded requests meanwhile.
struct IdleWatch {
    private let timeout: TimeAmount
    private var lastUse: NIODeadline?

    init(_ timeout: Duration) {
        self.timeout = .nanoseconds(timeout.wholeNanoseconds)
    }

    /// A forwarded request was answered.
    mutating func touch(at now: NIODeadline) { lastUse = now }

    /// Whether the connection has to stay.
    ///
    /// - Parameters:
    ///   - isBusy: whether a request is forwarded at the moment.
    ///   - now: the present time of the event loop.
    /// - Returns: for how long at least; `nil` if it may close now.
    func wait(isBusy: Bool, at now: NIODeadline) -> TimeAmount? {
        if isBusy { return timeout }
        guard let lastUse else { return nil }
        let left = lastUse + timeout - now
        return left > .nanoseconds(0) ? left : nil
    }
}
