// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import Logging

/// The four store ports over one ``StoreEngine``.
///
/// A command reads what it needs, decides, and is committed if nothing it has read has changed
/// meanwhile; otherwise it is decided again. So the rules are Core's on every engine, and an engine
/// holds no lock while anybody thinks.
///
/// A store that is away at the start, or later, is an error of each call meanwhile and a word in
/// ``unready``; it is tried again until it is back.
public final class FleetStore<Engine: StoreEngine>: Sendable {
    let engine: WatchedEngine<Engine>
    let settings: StoreSettings

    /// Creates a store. Its calls work while ``run()`` does.
    ///
    /// - Parameters:
    ///   - engine: what keeps the bytes.
    ///   - settings: how the store behaves.
    ///   - clock: by which it looks now and then whether the engine works.
    ///   - logger: hears in one line that the engine does not work, and that it does again.
    public init(
        _ engine: Engine, settings: StoreSettings = StoreSettings(),
        clock: any FleetClock = MonotonicClock(), logger: Logger? = nil
    ) {
        self.engine = WatchedEngine(engine, settings: settings, clock: clock, logger: logger)
        self.settings = settings
    }

    /// Why the store does not work, as of the last call or look; `nil` while it does.
    public var trouble: StoreError? { engine.trouble }

    /// Serves the store, and looks whether it works, until the task is cancelled.
    public func run() async {
        await engine.run()
    }

    func deadline(_ limit: Duration?) -> StoreDeadline {
        StoreDeadline(after: limit ?? settings.callTimeout)
    }
}

/// How a store behaves.
public struct StoreSettings: Hashable, Sendable {
    /// The time limit of calls that bring none.
    public var callTimeout: Duration = .seconds(5)
    /// How often a command is decided before it gives up because others are faster.
    public var mostDecisions = 50
    /// How many audit entries one call looks through.
    public var mostAuditEntries = 10_000
    /// How many events are kept, looked after once a minute.
    public var keptEvents = 20_000
    /// How many audit entries are kept, looked after once a minute.
    public var keptAudit = 200_000
    /// How long to wait between two looks whether the engine works.
    public var lookInterval: Duration = .seconds(1)
    /// The same while it does not.
    public var lookIntervalInTrouble: Duration = .milliseconds(250)
    /// How long a look may take.
    public var lookTimeout: Duration = .seconds(1)

    /// The defaults.
    public init() {}
}

extension FleetStore: Readiness {
    /// The word of ``trouble``.
    public var unready: String? { trouble?.code.word }
}

extension FleetStore: CommandStore {
    /// Decides on `command` and does what it wants.
    @discardableResult
    public func run<Answer: Sendable>(
        _ command: some StoreCommand<Answer>, within limit: Duration?
    ) async throws(StoreError) -> Answer {
        let deadline = deadline(limit)
        for _ in 0..<settings.mostDecisions {
            if let answer = try await attempt(command, by: deadline) { return answer }
            if deadline.isOver { break }
            // Two that collide do not collide again at once.
            try? await Task.sleep(for: .microseconds(Int.random(in: 100...3000)))
        }
        throw StoreError(.contention, "others keep changing the same records; try again")
    }

    // `nil` if what was read has changed before it could be written.
    private func attempt<Answer: Sendable>(
        _ command: some StoreCommand<Answer>, by deadline: StoreDeadline
    ) async throws(StoreError) -> Answer? {
        var read: [RecordKey: EngineRecord?] = [:]
        var loaded: [RecordKey: StoredRecord?] = [:]
        var wanted = command.keys
        var rounds = 0
        while true {
            try await load(wanted, into: &read, and: &loaded, by: deadline)
            rounds += wanted.isEmpty ? 0 : 1
            var view = RecordView(loaded)
            let outcome = Self.decide(command, on: &view)
            wanted = view.missing + view.writes.map(\.key).filter { loaded[$0] == nil }
            guard wanted.isEmpty else { continue }
            let answer = try outcome.get()
            let change = try change(of: view, from: read)
            // What was read at once and changes nothing needs no second look.
            if change.isEmpty, rounds <= 1 { return answer }
            return try await engine.commit(change, by: deadline) ? answer : nil
        }
    }

    private static func decide<Answer: Sendable>(
        _ command: some StoreCommand<Answer>, on view: inout RecordView
    ) -> Result<Answer, StoreError> {
        do {
            return .success(try command.decide(on: &view))
        } catch {
            return .failure(StoreError(error))
        }
    }

    private func load(
        _ keys: [RecordKey], into read: inout [RecordKey: EngineRecord?],
        and loaded: inout [RecordKey: StoredRecord?], by deadline: StoreDeadline
    ) async throws(StoreError) {
        guard !keys.isEmpty else { return }
        let records = try await engine.read(keys.map(RecordCoding.key), by: deadline)
        for (key, record) in zip(keys, records) {
            read.updateValue(record, forKey: key)
            var stored: StoredRecord?
            if let record { stored = try RecordCoding.stored(record) }
            loaded.updateValue(stored, forKey: key)
        }
    }

    private func change(
        of view: RecordView, from read: [RecordKey: EngineRecord?]
    ) throws(StoreError) -> EngineChange {
        var change = EngineChange(checks: [], writes: [], events: [], audit: [])
        for (key, record) in read {
            change.checks.append(.init(key: RecordCoding.key(key), record: record))
        }
        for write in view.writes {
            var record: EngineRecord?
            if let stored = write.record {
                record = try RecordCoding.record(stored, version: .random(in: 1...Int64.max))
            }
            change.writes.append(.init(key: RecordCoding.key(write.key), record: record))
        }
        for event in view.events { change.events.append(try RecordCoding.text(event)) }
        for entry in view.audit { change.audit.append(try RecordCoding.text(entry)) }
        return change
    }
}

extension EngineChange {
    /// Whether there is nothing to write.
    var isEmpty: Bool { writes.isEmpty && events.isEmpty && audit.isEmpty }
}
