// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime

/// A memory engine that breaks one promise.
struct FaultyEngine: StoreEngine {
    enum Fault: String, CaseIterable {
        case checksNothing, neverCommits, losesAudit, losesEvents, repeatsEvents, forgetsGroups
        case hidesGaps, trimsOneTooMany, listsFromTheFirst

        // One client alone meets no one whose change it could overwrite; the race does.
        static let foundAlone = allCases.filter { $0 != .checksNothing }
    }

    private let memory = MemoryEngine()
    private let fault: Fault

    init(_ fault: Fault) {
        self.fault = fault
    }

    var news: NewsBell { memory.news }

    func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        try await memory.read(keys, by: deadline)
    }

    func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        let changed = EngineListing(
            kind: listing.kind, group: fault == .forgetsGroups ? nil : listing.group,
            last: listing.last, limit: listing.limit)
        let found = try await memory.list(changed, by: deadline)
        return fault == .listsFromTheFirst ? Array(found.dropFirst()) : found
    }

    func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        var change = change
        switch fault {
        case .checksNothing:
            // Lets others in between reading and writing, as an engine without checks would.
            await Task.yield()
            change.checks = []
        case .neverCommits: return false
        case .losesAudit: change.audit = []
        case .losesEvents: change.events = []
        case .repeatsEvents: change.events += change.events.suffix(1)
        case .forgetsGroups, .hidesGaps, .trimsOneTooMany, .listsFromTheFirst: break
        }
        return try await memory.commit(change, by: deadline)
    }

    func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        var page = try await memory.page(of: log, range, limit: limit, by: deadline)
        if fault == .hidesGaps { page.isPositionKnown = true }
        return page
    }

    func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        let kept = fault == .trimsOneTooMany ? max(limit - 1, 0) : limit
        try await memory.trim(log, keeping: kept, by: deadline)
    }

    func run() async { await memory.run() }
}
