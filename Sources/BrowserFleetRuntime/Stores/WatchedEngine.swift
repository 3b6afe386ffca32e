// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
import Synchronization

/// An engine, and what is known of its condition: by every call, and by a look now and then.
final class WatchedEngine<Engine: StoreEngine>: StoreEngine {
    private let engine: Engine
    private let settings: StoreSettings
    private let clock: any FleetClock
    private let logger: Logger?
    private let condition = Mutex(StoreCondition())

    init(_ engine: Engine, settings: StoreSettings, clock: any FleetClock, logger: Logger?) {
        self.engine = engine
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    var news: NewsBell { engine.news }

    /// Why the store does not work; `nil` while it does.
    var trouble: StoreError? { condition.withLock(\.trouble) }

    func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        try await watched(.question) { () async throws(StoreError) in
            try await engine.read(keys, by: deadline)
        }
    }

    func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        try await watched(.question) { () async throws(StoreError) in
            try await engine.list(listing, by: deadline)
        }
    }

    func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        try await watched(.change) { () async throws(StoreError) in
            try await engine.commit(change, by: deadline)
        }
    }

    func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        try await watched(.question) { () async throws(StoreError) in
            try await engine.page(of: log, range, limit: limit, by: deadline)
        }
    }

    func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        try await watched(.change) { () async throws(StoreError) in
            try await engine.trim(log, keeping: limit, by: deadline)
        }
    }

    // The looks end before the engine does, for a look would connect it again.
    func run() async {
        let serving = Task { await engine.run() }
        var trimsAt = clock.now.advanced(by: Self.trimInterval)
        while !Task.isCancelled {
            await look()
            if clock.now >= trimsAt {
                await trimLogs()
                trimsAt = clock.now.advanced(by: Self.trimInterval)
            }
            let pause = trouble == nil ? settings.lookInterval : settings.lookIntervalInTrouble
            try? await clock.sleep(until: clock.now.advanced(by: pause))
        }
        serving.cancel()
        await serving.value
    }

    private func watched<Answer: Sendable>(
        _ deed: StoreCondition.Deed, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        do {
            let answer = try await work()
            note(nil, of: deed)
            return answer
        } catch {
            // Who was cancelled did not wait for the engine.
            if !Task.isCancelled { note(error, of: deed) }
            throw error
        }
    }

    private func note(_ error: StoreError?, of deed: StoreCondition.Deed) {
        let now = clock.now
        switch condition.withLock({ $0.note(error, of: deed, at: now) }) {
        case .lost(let error)?:
            logger?.warning("the store does not work and is tried until it does: \(error.message)")
        case .returned(let time)?:
            let seconds = Double(time.wholeMillisecondsRoundedUp) / 1000
            logger?.notice("the store works again, after \(seconds) s")
        case nil: break
        }
    }

    private static var trimInterval: Duration { .seconds(60) }

    // What fails is done a minute later.
    private func trimLogs() async {
        for (log, limit) in [
            (EngineLog.events, settings.keptEvents), (.audit, settings.keptAudit),
        ] {
            try? await trim(log, keeping: limit, by: StoreDeadline(after: settings.callTimeout))
        }
    }

    // Its outcome is noted by the calls it makes. The record means nothing.
    private func look() async {
        let deadline = StoreDeadline(after: settings.lookTimeout)
        let key = EngineKey(kind: "look", name: "look")
        do throws(StoreError) {
            let found = try await read([key], by: deadline).first ?? nil
            guard condition.withLock(\.nextLook) == .change else { return }
            let record = EngineRecord(
                key: key, version: .random(in: 1...Int64.max), group: "", body: "{}")
            _ = try await commit(
                EngineChange(
                    checks: [.init(key: key, record: found)],
                    writes: [.init(key: key, record: record)], events: [], audit: []),
                by: deadline)
        } catch {
            return
        }
    }
}
