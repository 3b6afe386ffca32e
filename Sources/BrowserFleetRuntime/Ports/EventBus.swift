// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// The events port: what happens in the fleet, in one order that all readers see.
///
/// Events that belong to a change are written with it. `AppendEntries` adds others.
public protocol EventBus: CommandStore {
    /// At most `limit` events behind `position`, oldest first, without waiting.
    ///
    /// Who reads on from `LogPage.next(after:)` never misses one, unless the page says that
    /// there is a gap.
    func events(
        after position: LogPosition, limit: Int, within time: Duration?
    ) async throws(StoreError) -> LogPage<FleetEvent>

    /// Where the newest event stands, for readers who want only what comes.
    func newestEvent(within time: Duration?) async throws(StoreError) -> LogPosition

    /// Like ``events(after:limit:within:)``, but waits until there is one, or for `patience`.
    func nextEvents(
        after position: LogPosition, limit: Int, patience: Duration
    ) async throws(StoreError) -> LogPage<FleetEvent>

    /// Removes the oldest events until `limit` are left.
    func trimEvents(keeping limit: Int, within time: Duration?) async throws(StoreError)
}

extension EventBus {
    /// Appends events that belong to no change of a record.
    public func publish(
        _ events: [FleetEvent], within limit: Duration? = nil
    ) async throws(StoreError) {
        try await run(AppendEntries(events: events), within: limit)
    }
}
