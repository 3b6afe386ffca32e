// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization

/// Keeps a store in this process's memory: for a server on its own, for trying, and for tests.
public final class MemoryEngine: StoreEngine {
    private struct State {
        var records: [EngineKey: EngineRecord] = [:]
        var logs: [EngineLog: LogBook<String>] = [:]
    }

    private let state = Mutex(State())

    /// Rings with every event.
    public let news = NewsBell()

    /// Creates an empty store.
    public init() {}

    /// What stands under each key.
    public func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        state.withLock { state in keys.map { state.records[$0] } }
    }

    /// Records of a kind in order.
    public func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        let found = state.withLock { state in
            state.records.values.filter { record in
                record.key.kind == listing.kind && record.key.name > listing.last
                    && (listing.group.map { $0 == record.group } ?? true)
            }
        }
        return found.sorted { $0.key.name < $1.key.name }.prefix(listing.limit).map(\.self)
    }

    /// Does all of `change`, or nothing.
    public func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        let isDone = state.withLock { state in
            for check in change.checks
            where state.records[check.key]?.version != check.record?.version {
                return false
            }
            for write in change.writes { state.records[write.key] = write.record }
            for event in change.events { state.logs[.events, default: .init()].append(event) }
            for entry in change.audit { state.logs[.audit, default: .init()].append(entry) }
            return true
        }
        if isDone, !change.events.isEmpty { news.ring() }
        return isDone
    }

    /// Entries of a log.
    public func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        let book = state.withLock { $0.logs[log] ?? .init() }
        let page: LogPage<String> =
            switch range {
            case .after(let position): book.page(after: position, limit: limit)
            case .before(let position): book.page(before: position, limit: limit)
            }
        return EngineLogPage(
            items: page.items.map { .init(position: $0.position, body: $0.entry) },
            isPositionKnown: !page.isGap)
    }

    /// Removes the oldest entries of a log.
    public func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        state.withLock { $0.logs[log]?.trim(keeping: limit) }
    }

    /// Waits for the end: there is nothing to serve.
    public func run() async {
        await news.wait(after: .max, by: StoreDeadline(after: .seconds(1_000_000_000)))
    }
}
