// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
public import BrowserFleetRuntime
import GRDB

/// Keeps a store in one SQLite file, which belongs to one process: a server's durable memory.
///
/// A change is on the disk when the call returns (WAL, `synchronous = FULL`). The file may be read
/// meanwhile with the `sqlite3` program.
public final class SQLiteEngine: StoreEngine {
    /// Rings with every event.
    public let news = NewsBell()

    private let database: DatabaseQueue
    private let commits: SQLiteCommits
    private let lock: SQLiteFileLock

    /// Opens the file, makes it if there is none, and brings its tables up to date.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/unusable`` if another process has the file,
    ///   or it cannot be opened.
    public init(path: String) throws(StoreError) {
        lock = try SQLiteFileLock(besides: path)
        do {
            var configuration = Configuration()
            configuration.label = "browserfleet.store"
            configuration.busyMode = .timeout(2)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            database = try DatabaseQueue(path: path, configuration: configuration)
            try SQLiteSchema.migrator.migrate(database)
            commits = SQLiteCommits(database)
        } catch {
            throw StoreError(
                .unusable, "the store \(path) cannot be opened: \(error); see STORE and DATA_DIR")
        }
    }

    /// What stands under each key.
    public func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        try await bounded(by: deadline, late: .unavailable) { database in
            try await database.read { try SQLiteQueries.read(keys, in: $0) }
        }
    }

    /// Records of a kind in order.
    public func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        try await bounded(by: deadline, late: .unavailable) { database in
            try await database.read { try SQLiteQueries.list(listing, in: $0) }
        }
    }

    /// Does all of `change`, or nothing. Changes that come at once share one sync of the disk.
    public func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        let isDone = try await commits.commit(change, by: deadline)
        if isDone, !change.events.isEmpty { news.ring() }
        return isDone
    }

    /// Entries of a log.
    public func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        try await bounded(by: deadline, late: .unavailable) { database in
            try await database.read { try SQLiteQueries.page(of: log, range, limit: limit, in: $0) }
        }
    }

    /// Removes the oldest entries of a log.
    public func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        try await bounded(by: deadline, late: .outcomeUnknown) { database in
            try await database.write { try SQLiteQueries.trim(log, keeping: limit, in: $0) }
        }
    }

    /// Waits for the end, then closes the file.
    public func run() async {
        while !Task.isCancelled {
            await news.wait(after: .max, by: StoreDeadline(after: .seconds(3600)))
        }
        try? database.close()
    }

    /// How the file is written, as SQLite says it: `journal_mode` and `synchronous` (2 is FULL).
    package func settings() async throws(StoreError) -> [String] {
        try await bounded(by: StoreDeadline(after: .seconds(5)), late: .unavailable) { database in
            try await database.read { database in
                try ["journal_mode", "synchronous"].map { name in
                    try String.fetchOne(database, sql: "PRAGMA \(name)") ?? ""
                }
            }
        }
    }

    // Runs on a task of its own, because a disk that hangs cannot be told to stop.
    private func bounded<Value: Sendable>(
        by deadline: StoreDeadline, late code: StoreError.Code,
        _ work: @escaping @Sendable (DatabaseQueue) async throws -> Value
    ) async throws(StoreError) -> Value {
        let reply = StoreReply<Value>()
        let database = database
        Task.detached {
            guard reply.isWanted else { return }
            do {
                reply.give(.success(try await work(database)))
            } catch {
                reply.give(.failure(StoreError(sqlite: error)))
            }
        }
        return try await reply.value(
            by: deadline, orThrow: StoreError(code, "the disk of the store did not answer in time"))
    }
}

extension StoreError {
    // SQLite rolls a failed transaction back, so nothing was changed.
    init(sqlite error: any Error) {
        let code = (error as? DatabaseError)?.resultCode
        let isPassing = code == .SQLITE_BUSY || code == .SQLITE_LOCKED
        self.init(
            isPassing ? .unavailable : .unusable, "the SQLite file cannot be used: \(error)")
    }
}
