// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import GRDB

/// What is asked of the tables, inside of one transaction.
enum SQLiteQueries {
    static func read(_ keys: [EngineKey], in database: Database) throws -> [EngineRecord?] {
        let statement = try database.cachedStatement(
            sql: "SELECT * FROM record WHERE kind = ? AND name = ?")
        return try keys.map { key in
            try Row.fetchOne(statement, arguments: [key.kind, key.name]).map(record)
        }
    }

    static func list(_ listing: EngineListing, in database: Database) throws -> [EngineRecord] {
        let group = listing.group == nil ? "" : "AND \"group\" = :group"
        let statement = try database.cachedStatement(
            sql: """
                SELECT * FROM record WHERE kind = :kind AND name > :last \(group)
                ORDER BY name LIMIT :limit
                """)
        var arguments: StatementArguments = [
            "kind": listing.kind, "last": listing.last, "limit": listing.limit,
        ]
        if let group = listing.group { arguments += ["group": group] }
        return try Row.fetchAll(statement, arguments: arguments).map(record)
    }

    static func commit(_ change: EngineChange, in database: Database) throws -> Bool {
        let found = try read(change.checks.map(\.key), in: database)
        guard found.map({ $0?.version }) == change.checks.map({ $0.record?.version }) else {
            return false
        }
        for write in change.writes { try self.write(write, in: database) }
        try append(change.events, to: .events, in: database)
        try append(change.audit, to: .audit, in: database)
        return true
    }

    static func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, in database: Database
    ) throws -> EngineLogPage {
        switch range {
        case .after(let position):
            let items = try entries(
                of: log, "id > ? ORDER BY id", Int64(clamping: position.major), limit, in: database)
            let known = try entries(
                of: log, "id = ?", Int64(clamping: position.major), 1, in: database)
            return EngineLogPage(
                items: items, isPositionKnown: position.minor == 0 && !known.isEmpty)
        case .before(let position):
            let bound = position.map { Int64(clamping: $0.major) } ?? .max
            let items = try entries(
                of: log, "id < ? ORDER BY id DESC", bound, limit, in: database)
            return EngineLogPage(items: items, isPositionKnown: true)
        }
    }

    static func trim(_ log: EngineLog, keeping limit: Int, in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM \(log.rawValue) WHERE id <= coalesce((
                    SELECT id FROM \(log.rawValue) ORDER BY id DESC LIMIT 1 OFFSET ?), 0)
                """, arguments: [limit])
    }

    private static func write(_ write: EngineChange.Write, in database: Database) throws {
        guard let record = write.record else {
            try database.execute(
                sql: "DELETE FROM record WHERE kind = ? AND name = ?",
                arguments: [write.key.kind, write.key.name])
            return
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO record (kind, name, version, "group", body)
                VALUES (?, ?, ?, ?, ?)
                """)
        try statement.execute(
            arguments: [
                record.key.kind, record.key.name, record.version, record.group, record.body,
            ])
    }

    private static func append(
        _ bodies: [String], to log: EngineLog, in database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO \(log.rawValue) (body) VALUES (?)")
        for body in bodies { try statement.execute(arguments: [body]) }
    }

    private static func entries(
        of log: EngineLog, _ condition: String, _ bound: Int64, _ limit: Int, in database: Database
    ) throws -> [EngineLogPage.Item] {
        let statement = try database.cachedStatement(
            sql: "SELECT id, body FROM \(log.rawValue) WHERE \(condition) LIMIT ?")
        return try Row.fetchAll(statement, arguments: [bound, limit]).map { row in
            .init(
                position: LogPosition(major: UInt64(row["id"] as Int64), minor: 0),
                body: row["body"])
        }
    }

    private static func record(_ row: Row) -> EngineRecord {
        EngineRecord(
            key: EngineKey(kind: row["kind"], name: row["name"]), version: row["version"],
            group: row["group"], body: row["body"])
    }
}
