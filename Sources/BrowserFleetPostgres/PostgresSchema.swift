// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The tables, step by step. A step that was released is never changed; a new one is added.
///
/// They stand in the first schema of the connection's `search_path`.
enum PostgresSchema {
    /// The number of the last step that was done; fails where there are no tables.
    static let question = "SELECT coalesce(max(number), 0) FROM fleet_migration"

    /// How many steps there are.
    static var count: Int { steps.count }

    /// One transaction that does what is missing; several servers may start at once.
    static var script: String {
        let numbered = steps.enumerated().map { index, step in
            """
            IF NOT EXISTS (SELECT FROM fleet_migration WHERE number = \(index + 1)) THEN
            \(step)
            INSERT INTO fleet_migration (number) VALUES (\(index + 1));
            END IF;
            """
        }
        return """
            DO $migration$ BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('fleet_migration', 0));
            CREATE TABLE IF NOT EXISTS fleet_migration (number integer PRIMARY KEY);
            \(numbered.joined(separator: "\n"))
            END $migration$
            """
    }

    private static let steps = [tables]

    // A lock for each record that was read keeps two changes of one record apart, also where
    // there is no row yet; the locks are taken in one order, so that nobody waits in a circle.
    private static let tables = """
        CREATE TABLE fleet_record (
            kind text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
            version bigint NOT NULL, "group" text COLLATE "C" NOT NULL, body text NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITH (fillfactor = 50);
        CREATE INDEX fleet_record_by_group ON fleet_record (kind, "group", name);
        CREATE TABLE fleet_log (
            log text NOT NULL, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            id bigint GENERATED ALWAYS AS IDENTITY, body text NOT NULL,
            PRIMARY KEY (log, xid, id)
        );
        CREATE FUNCTION fleet_commit(
            p_kinds text[], p_names text[], p_versions bigint[],
            p_write_kinds text[], p_write_names text[], p_write_versions bigint[],
            p_write_groups text[], p_write_bodies text[], p_events text[], p_audit text[]
        ) RETURNS boolean LANGUAGE plpgsql AS $commit$
        DECLARE
            v_lock record;
        BEGIN
            FOR v_lock IN
                SELECT hashtextextended(c.kind || ' ' || c.name, 0) AS key,
                    bool_or(w.name IS NOT NULL) AS is_written
                FROM unnest(p_kinds, p_names) AS c (kind, name)
                LEFT JOIN unnest(p_write_kinds, p_write_names) AS w (kind, name)
                    ON w.kind = c.kind AND w.name = c.name
                GROUP BY 1 ORDER BY 1
            LOOP
                IF v_lock.is_written THEN
                    PERFORM pg_advisory_xact_lock(v_lock.key);
                ELSE
                    PERFORM pg_advisory_xact_lock_shared(v_lock.key);
                END IF;
            END LOOP;
            IF EXISTS (
                SELECT FROM unnest(p_kinds, p_names, p_versions) AS c (kind, name, version)
                LEFT JOIN fleet_record r ON r.kind = c.kind AND r.name = c.name
                WHERE r.version IS DISTINCT FROM c.version
            ) THEN
                RETURN false;
            END IF;
            DELETE FROM fleet_record r
            USING unnest(p_write_kinds, p_write_names, p_write_versions) AS w (kind, name, version)
            WHERE r.kind = w.kind AND r.name = w.name AND w.version IS NULL;
            INSERT INTO fleet_record (kind, name, version, "group", body)
            SELECT w.* FROM unnest(
                p_write_kinds, p_write_names, p_write_versions, p_write_groups, p_write_bodies
            ) AS w (kind, name, version, grp, body) WHERE w.version IS NOT NULL
            ON CONFLICT (kind, name) DO UPDATE
            SET version = excluded.version, "group" = excluded."group", body = excluded.body;
            INSERT INTO fleet_log (log, body)
            SELECT 'events', e FROM unnest(p_events) WITH ORDINALITY AS t (e, n) ORDER BY n;
            INSERT INTO fleet_log (log, body)
            SELECT 'audit', e FROM unnest(p_audit) WITH ORDINALITY AS t (e, n) ORDER BY n;
            IF cardinality(p_events) > 0 THEN
                PERFORM pg_notify('fleet_events', '');
            END IF;
            RETURN true;
        END $commit$;
        """
}
