// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Logging
import Synchronization

/// What is said first on each new connection: how we work, that the tables are up to date, and
/// once for all connections, what a crash may lose.
final class PostgresGreeting: Sendable {
    private let logger: Logger
    private let doubts = Mutex<[String]>([])

    init(logger: Logger) {
        self.logger = logger
    }

    func exchange(
        on connection: PostgresConnection, by deadline: StoreDeadline
    ) throws(PostgresFailure) {
        _ = try connection.run(
            """
            SET application_name = 'browserfleet'; SET client_min_messages = error;
            SET default_transaction_isolation = 'read committed'
            """, by: deadline)
        let steps = try? connection.run(PostgresSchema.question, by: deadline)
        if steps?.first?.first??.asInt ?? 0 < PostgresSchema.count {
            _ = try connection.run(PostgresSchema.script, by: deadline)
        }
        let settings = try connection.run(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit')", by: deadline)
        say(Self.doubts(settings.first ?? []))
    }

    private static func doubts(_ settings: [String?]) -> [String] {
        if settings.first == "off" {
            return [
                "PostgreSQL runs with fsync off: a crash of its machine may lose everything; set "
                    + "fsync = on"
            ]
        }
        if settings.last == "off" {
            return [
                "PostgreSQL runs with synchronous_commit off: a crash loses up to a second of what "
                    + "the fleet wrote; set synchronous_commit = on"
            ]
        }
        return []
    }

    private func say(_ doubts: [String]) {
        let isNew = self.doubts.withLock { said in
            defer { said = doubts }
            return said != doubts
        }
        guard isNew else { return }
        for doubt in doubts { logger.warning("\(doubt)") }
    }
}
