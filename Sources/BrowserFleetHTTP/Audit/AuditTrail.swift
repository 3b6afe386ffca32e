// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import Logging

/// Where audit lines go: to the log, and to the fleet's audit if there is a store.
struct AuditTrail: Sendable {
    private let logger: Logger
    private let sink: (any EntrySink)?
    private let clock: any FleetClock

    init(logger: Logger, sink: (any EntrySink)?, clock: any FleetClock) {
        self.logger = logger
        self.sink = sink
        self.clock = clock
    }

    /// Leaves a line.
    func leave(_ line: AuditLine) {
        let fields = line.fields
        line.write(fields, to: logger)
        sink?.add(AppendEntries(audit: [line.entry(fields, at: clock.unixMilliseconds)]))
    }
}
