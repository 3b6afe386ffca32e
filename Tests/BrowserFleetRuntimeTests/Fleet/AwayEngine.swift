// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import Synchronization

/// A memory engine that is away when it is told to be.
final class AwayEngine: StoreEngine {
    private let memory = MemoryEngine()
    private let isAway = Mutex(false)

    var news: NewsBell { memory.news }

    /// Whether the engine answers nobody.
    func goAway(_ value: Bool = true) { isAway.withLock { $0 = value } }

    func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        try check()
        return try await memory.read(keys, by: deadline)
    }

    func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        try check()
        return try await memory.list(listing, by: deadline)
    }

    func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        try check()
        return try await memory.commit(change, by: deadline)
    }

    func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        try check()
        return try await memory.page(of: log, range, limit: limit, by: deadline)
    }

    func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        try check()
        try await memory.trim(log, keeping: limit, by: deadline)
    }

    func run() async { await memory.run() }

    private func check() throws(StoreError) {
        if isAway.withLock(\.self) { throw StoreError(.unavailable, "away") }
    }
}
