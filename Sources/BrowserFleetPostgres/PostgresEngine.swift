// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetRuntime
import BrowserFleetCore
public import Logging

/// Keeps a store in PostgreSQL (13 or later), for any number of servers.
///
/// A change is one call of one function, and durable as `synchronous_commit` says. Events are read
/// only up to the oldest open transaction, so that none is skipped.
public final class PostgresEngine: StoreEngine {
    /// Rings with every event of every server, while ``run()`` does.
    public let news = NewsBell()

    private let workers: PostgresWorkers
    private let listeningURL: String

    /// Creates the engine; PostgreSQL is dialled at the first call, and its tables brought up to
    /// date then.
    ///
    /// - Parameters:
    ///   - url: as libpq reads it, TLS (`sslmode`) and timeouts included.
    ///   - directURL: past a pooler, for LISTEN (`DATABASE_DIRECT_URL`). If there is one, statements
    ///     are not prepared by name, since the pooler may lose the names.
    ///   - connections: how many at most, besides the one that listens.
    ///   - logger: is told what may be lost in a crash, as PostgreSQL is set up.
    public init(url: String, directURL: String? = nil, connections: Int = 4, logger: Logger) {
        listeningURL = directURL ?? url
        let greeting = PostgresGreeting(logger: logger)
        workers = PostgresWorkers(count: connections) {
            PostgresSession(
                url: url, isNamed: directURL == nil,
                preparation: { (connection, deadline) throws(PostgresFailure) in
                    try greeting.exchange(on: connection, by: deadline)
                })
        }
    }

    /// What stands under each key.
    public func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        let values = [
            PostgresArray.text(keys.map(\.kind)), PostgresArray.text(keys.map(\.name)),
        ]
        let rows = try await call(by: deadline) { session throws(StoreError) in
            try session.ask(.read, values, by: deadline)
        }
        var records = [EngineRecord?](repeating: nil, count: keys.count)
        for row in rows {
            guard let place = row.first??.asInt, keys.indices.contains(place - 1) else { continue }
            records[place - 1] = Self.record(keys[place - 1], row.dropFirst())
        }
        return records
    }

    /// Records of a kind in order.
    public func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        var values = [listing.kind, listing.last, "\(listing.limit)"]
        if let group = listing.group { values.append(group) }
        let rows = try await call(by: deadline) { [values] session throws(StoreError) in
            try session.ask(values.count == 4 ? .listGroup : .list, values, by: deadline)
        }
        return rows.compactMap { row in
            let key = EngineKey(kind: listing.kind, name: (row.first ?? nil) ?? "")
            return Self.record(key, row.dropFirst())
        }
    }

    /// Does all of `change`, or nothing.
    public func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        let values = Self.values(of: change)
        let rows = try await call(by: deadline, late: .outcomeUnknown) {
            session throws(StoreError) in
            try session.change(.commit, values, by: deadline)
        }
        return rows?.first?.first == "t"
    }

    /// Entries of a log.
    public func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        let (statement, position): (PostgresStatement, LogPosition) =
            switch range {
            case .after(let position): (.after, position)
            case .before(let position):
                (.before, position ?? LogPosition(major: .max, minor: .max))
            }
        let values = [
            log.rawValue, "\(position.major)", "\(Int64(clamping: position.minor))", "\(limit)",
        ]
        var rows = try await call(by: deadline) { session throws(StoreError) in
            try session.ask(statement, values, by: deadline)
        }
        guard case .after = range else {
            return EngineLogPage(items: rows.compactMap(Self.item), isPositionKnown: true)
        }
        let marks = rows.isEmpty ? "" : (rows.removeFirst().last ?? nil) ?? ""
        return EngineLogPage(
            items: rows.compactMap(Self.item), isPositionKnown: marks.first == "1",
            isBehind: marks.last == "1")
    }

    /// Removes the oldest entries of a log.
    public func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        _ = try await call(by: deadline) { session throws(StoreError) in
            try session.ask(.trim, [log.rawValue, "\(limit)"], by: deadline)
        }
    }

    /// Listens for events until the task is cancelled, then closes the connections.
    public func run() async {
        let listener = PostgresListener(url: listeningURL, news: news)
        while !Task.isCancelled {
            await news.wait(after: .max, by: StoreDeadline(after: .seconds(3600)))
        }
        listener.stop()
        workers.stop()
    }

    // The session keeps to the deadline by itself; a little later nobody waits for it any more.
    private func call<Value: Sendable>(
        by deadline: StoreDeadline, late code: StoreError.Code = .unavailable,
        _ work: @escaping @Sendable (PostgresSession) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let reply = StoreReply<Value>()
        let isTaken = workers.submit { session in
            guard reply.isWanted, !deadline.isOver else {
                reply.give(.failure(Self.busy))
                return
            }
            do throws(StoreError) {
                reply.give(.success(try work(session)))
            } catch {
                reply.give(.failure(error))
            }
        }
        guard isTaken else { throw Self.busy }
        let grace = StoreDeadline(after: deadline.remaining + .milliseconds(250))
        return try await reply.value(
            by: grace, orThrow: StoreError(code, "PostgreSQL did not answer in time"))
    }

    private static let busy = StoreError(
        .unavailable, "all connections to PostgreSQL were busy until the time was over")
}

extension PostgresEngine {
    private static func values(of change: EngineChange) -> [String] {
        let records = change.writes.map(\.record)
        return [
            PostgresArray.text(change.checks.map(\.key.kind)),
            PostgresArray.text(change.checks.map(\.key.name)),
            PostgresArray.text(change.checks.map { $0.record.map { "\($0.version)" } }),
            PostgresArray.text(change.writes.map(\.key.kind)),
            PostgresArray.text(change.writes.map(\.key.name)),
            PostgresArray.text(records.map { $0.map { "\($0.version)" } }),
            PostgresArray.text(records.map { $0?.group }),
            PostgresArray.text(records.map { $0?.body }),
            PostgresArray.text(change.events),
            PostgresArray.text(change.audit),
        ]
    }

    private static func record(
        _ key: EngineKey, _ parts: ArraySlice<String?>
    ) -> EngineRecord? {
        let texts = parts.compactMap(\.self)
        guard texts.count == 3, let version = Int64(texts[0]) else { return nil }
        return EngineRecord(key: key, version: version, group: texts[1], body: texts[2])
    }

    private static func item(_ row: [String?]) -> EngineLogPage.Item? {
        guard row.count == 3, let major = row[0].flatMap({ UInt64($0) }),
            let minor = row[1].flatMap({ UInt64($0) }), let body = row[2]
        else { return nil }
        return EngineLogPage.Item(
            position: LogPosition(major: major, minor: minor), body: body)
    }
}

extension String {
    /// The number that is written here.
    var asInt: Int? { Int(self) }
}
