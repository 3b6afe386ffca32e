// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization

/// A clock that moves on by a minute whenever it is read, so that every look at a file is due.
final class SteppingClock: Sendable {
    private let now = Mutex(FleetInstant.origin)

    func tick() -> FleetInstant {
        now.withLock { now in
            now = now.advanced(by: .seconds(60))
            return now
        }
    }
}
