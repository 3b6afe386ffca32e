// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Synchronization
import Testing

@Suite("Whether a store works")
struct StoreConditionTests {
    private static let away = StoreError(.unavailable, "away")
    private static let full = StoreError(.unusable, "the disk is full")

    private static func instant(_ seconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .seconds(seconds))
    }

    @Test("it is lost by a failure and returns by a success, each said once")
    func lostAndReturned() {
        var condition = StoreCondition()
        #expect(condition.note(nil, of: .question, at: Self.instant(0)) == nil)
        #expect(condition.note(Self.away, of: .question, at: Self.instant(1)) == .lost(Self.away))
        #expect(condition.note(Self.away, of: .question, at: Self.instant(2)) == nil)
        #expect(condition.trouble == Self.away)
        let news = condition.note(nil, of: .question, at: Self.instant(5))
        #expect(news == .returned(after: .seconds(4)))
        #expect(condition.trouble == nil)
        #expect(condition.note(nil, of: .change, at: Self.instant(6)) == nil)
    }

    @Test("where changes fail, answers to questions do not make it well")
    func onlyQuestions() {
        var condition = StoreCondition()
        #expect(condition.note(Self.full, of: .change, at: Self.instant(1)) == .lost(Self.full))
        #expect(condition.note(nil, of: .question, at: Self.instant(2)) == nil)
        #expect(condition.trouble == Self.full)
        #expect(condition.nextLook == .change)
        let news = condition.note(nil, of: .change, at: Self.instant(3))
        #expect(news == .returned(after: .seconds(2)))
        #expect(condition.nextLook == .question)
    }

    @Test("another reason is said too")
    func anotherReason() {
        var condition = StoreCondition()
        _ = condition.note(Self.away, of: .question, at: Self.instant(1))
        #expect(condition.note(Self.full, of: .question, at: Self.instant(2)) == .lost(Self.full))
    }

    @Test("the answer of a rule, and a record that cannot be read, are no fault of the store")
    func noFault() throws {
        let errors = [
            StoreError(.noServer), StoreError(.contention, "busy"), StoreError(.unreadable, "odd"),
        ]
        for error in errors {
            var condition = StoreCondition()
            #expect(condition.note(error, of: .change, at: Self.instant(1)) == nil)
            #expect(condition.trouble == nil)
        }
    }

    @Test("a store says it in one word, looks by itself, and is well when its engine is")
    func looks() async throws {
        let clock = ManualClock()
        let engine = FailingEngine()
        let store = FleetStore(engine, clock: clock)
        let serving = Task { await store.run() }
        await clock.nextSleepScheduled(after: 0)
        #expect(store.unready == nil)

        engine.failing.withLock { $0 = Self.away }
        await Self.pass(store.nextPause, on: clock)
        #expect(store.unready == "store-unavailable")
        engine.failing.withLock { $0 = nil }
        await Self.pass(store.nextPause, on: clock)
        #expect(store.unready == nil)

        engine.failingChanges.withLock { $0 = Self.full }
        await #expect(throws: Self.full) {
            try await store.publish([FleetEvent(.serverLost, subject: "s", unixMilliseconds: 1)])
        }
        #expect(store.unready == "store-unusable")
        await Self.pass(.seconds(1), on: clock)
        #expect(store.unready == "store-unusable")
        engine.failingChanges.withLock { $0 = nil }
        await Self.pass(store.nextPause, on: clock)
        #expect(store.unready == nil)
        serving.cancel()
        await serving.value
    }

    @Test("only so many of the newest events and audit entries are kept")
    func trimming() async throws {
        let clock = ManualClock()
        var settings = StoreSettings()
        (settings.keptEvents, settings.keptAudit) = (3, 2)
        let store = FleetStore(MemoryEngine(), settings: settings, clock: clock)
        for number in 1...5 {
            try await store.run(
                AppendEntries(
                    events: [
                        FleetEvent(.serverLost, subject: "\(number)", unixMilliseconds: 1)
                    ],
                    audit: [
                        AuditEntry(
                            author: "ann", action: "create", subject: "\(number)",
                            unixMilliseconds: 1)
                    ]))
        }
        let serving = Task { await store.run() }
        await clock.nextSleepScheduled(after: 0)
        await Self.pass(.seconds(60), on: clock)
        let events = try await store.events(after: .origin, limit: 9)
        #expect(events.items.map(\.entry.subject) == ["3", "4", "5"])
        let audit = try await store.audit(before: nil, limit: 9)
        #expect(audit.items.map(\.entry.subject) == ["5", "4"])
        serving.cancel()
        await serving.value
    }

    // Lets the store look once more.
    private static func pass(_ time: Duration, on clock: ManualClock) async {
        let slept = clock.sleepsScheduled
        clock.advance(by: time)
        await clock.nextSleepScheduled(after: slept)
    }
}

extension FleetStore {
    fileprivate var nextPause: Duration {
        let settings = StoreSettings()
        return trouble == nil ? settings.lookInterval : settings.lookIntervalInTrouble
    }
}

/// A memory engine that does nothing, or changes nothing, while it is told to fail.
private final class FailingEngine: StoreEngine {
    let failing = Mutex<StoreError?>(nil)
    let failingChanges = Mutex<StoreError?>(nil)
    private let memory = MemoryEngine()

    var news: NewsBell { memory.news }

    func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        try check(failing)
        return try await memory.read(keys, by: deadline)
    }

    func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        try check(failing)
        return try await memory.list(listing, by: deadline)
    }

    func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        try check(failing)
        try check(failingChanges)
        return try await memory.commit(change, by: deadline)
    }

    func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        try check(failing)
        return try await memory.page(of: log, range, limit: limit, by: deadline)
    }

    func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        try check(failing)
        try await memory.trim(log, keeping: limit, by: deadline)
    }

    func run() async { await memory.run() }

    private func check(_ fault: borrowing Mutex<StoreError?>) throws(StoreError) {
        if let error = fault.withLock(\.self) { throw error }
    }
}
