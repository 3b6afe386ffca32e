// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What the core tells the host; called on the home loop.
protocol BridgeObserver: AnyObject, Sendable {
    /// A client of others sent or received something.
    func activity(at instant: FleetInstant)
    /// A page was attached to or navigated by a client.
    func pageTouched(_ targetID: String)
    /// A page is gone.
    func pageGone(_ targetID: String)
    /// A client asked for `Browser.close` and has its answer.
    func closeRequested()
    /// The pipe is closed.
    func pipeClosed()
}
