// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables, step by step. A step that was released is never changed; a new one is added.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 records and logs") { database in
            try database.execute(
                sql: """
                    CREATE TABLE record (
                        kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
                        "group" TEXT NOT NULL, body TEXT NOT NULL,
                        PRIMARY KEY (kind, name)
                    ) WITHOUT ROWID, STRICT;
                    CREATE INDEX record_by_group ON record (kind, "group", name);
                    CREATE TABLE events (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT;
                    CREATE TABLE audit (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT;
                    """)
        }
        return migrator
    }
}
