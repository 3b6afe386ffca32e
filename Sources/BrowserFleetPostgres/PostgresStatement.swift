// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A statement and the name it is prepared under.
struct PostgresStatement: Sendable {
    /// Unique among the statements.
    let name: String
    /// With `$1` and so on for values, which are sent as text.
    let text: String
}

extension PostgresStatement {
    static let list = PostgresStatement(
        name: "fleet_list",
        text: """
            SELECT name, version, "group", body FROM fleet_record
            WHERE kind = $1 AND name > $2 ORDER BY name LIMIT $3::bigint
            """)

    static let listGroup = PostgresStatement(
        name: "fleet_list_group",
        text: """
            SELECT name, version, "group", body FROM fleet_record
            WHERE kind = $1 AND name > $2 AND "group" = $4 ORDER BY name LIMIT $3::bigint
            """)

    static let read = PostgresStatement(
        name: "fleet_read",
        text: """
            SELECT k.n, r.version, r."group", r.body
            FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (kind, name, n)
            JOIN fleet_record r ON r.kind = k.kind AND r.name = k.name
            """)

    static let commit = PostgresStatement(
        name: "fleet_commit",
        text: """
            SELECT fleet_commit($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], \
            $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[])
            """)

    /// One row that says whether an entry stands at the position and whether something is held
    /// back, then the entries, all as of one moment. Entries of transactions that began before the
    /// oldest open one are complete: nothing can come in between any more.
    static let after = PostgresStatement(
        name: "fleet_after",
        text: """
            WITH bound AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin),
            item AS (
                SELECT l.xid, l.id, l.body FROM fleet_log l, bound
                WHERE l.log = $1 AND (l.xid, l.id) > ($2::xid8, $3::bigint) AND l.xid < bound.xmin
                ORDER BY l.xid, l.id LIMIT $4::bigint)
            SELECT NULL::xid8 AS xid, NULL::bigint AS id, concat(
                EXISTS (SELECT FROM fleet_log l
                    WHERE l.log = $1 AND l.xid = $2::xid8 AND l.id = $3::bigint)::int,
                EXISTS (SELECT FROM fleet_log l, bound
                    WHERE l.log = $1 AND l.xid >= bound.xmin)::int) AS body
            UNION ALL SELECT xid, id, body FROM item
            ORDER BY xid NULLS FIRST, id
            """)

    static let before = PostgresStatement(
        name: "fleet_before",
        text: """
            SELECT xid, id, body FROM fleet_log
            WHERE log = $1 AND (xid, id) < ($2::xid8, $3::bigint)
            AND (log <> 'events' OR xid < pg_snapshot_xmin(pg_current_snapshot()))
            ORDER BY xid DESC, id DESC LIMIT $4::bigint
            """)

    static let trim = PostgresStatement(
        name: "fleet_trim",
        text: """
            DELETE FROM fleet_log WHERE log = $1 AND (xid, id) <= (
                SELECT xid, id FROM fleet_log WHERE log = $1
                ORDER BY xid DESC, id DESC OFFSET $2::bigint LIMIT 1)
            """)
}
