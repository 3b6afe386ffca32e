// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Takes events and audit entries that nobody waits for, such as those of calls.
///
/// Called on event loops too: an implementation neither waits nor fails.
public protocol EntrySink: Sendable {
    /// Takes entries to be written soon.
    func add(_ entries: AppendEntries)
}
