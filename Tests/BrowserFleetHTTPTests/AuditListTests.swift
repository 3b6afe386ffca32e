// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import Testing

@testable import BrowserFleetHTTP

@Suite("GET /audit")
struct AuditListTests {
    private static func entry(_ number: Int, _ author: String, _ action: String) -> AuditEntry {
        AuditEntry(
            author: author, action: action, subject: "b\(number)",
            unixMilliseconds: Int64(number) * 1000, details: ["outcome": "ok"])
    }

    private static func with(
        _ body: @escaping @Sendable (FleetRig, FleetRecords) async throws -> Void
    ) async throws {
        let records = FleetRecords(FleetStore(MemoryEngine()), serverID: "test-server")
        try await FleetRig.with(records: records) { try await body($0, records) }
    }

    private static func list(
        _ rig: FleetRig, _ query: String = "", key: String
    ) async throws -> AuditResponse {
        let answer = try await rig.call("GET", "/audit\(query)", key: key)
        try #require(answer.status == 200, "\(answer.body)")
        return try answer.decoded()
    }

    @Test("is paged, newest first, and every entry comes once")
    func pages() async throws {
        try await Self.with { rig, records in
            try await records.store.record((1...25).map { Self.entry($0, "ann", "browser.create") })
            var (subjects, cursor): ([String], String?) = ([], nil)
            repeat {
                let page = try await Self.list(
                    rig, "?limit=10" + (cursor.map { "&cursor=\($0)" } ?? ""), key: rig.admin)
                #expect(page.entries.count <= 10)
                subjects += page.entries.map(\.subject)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(subjects == (1...25).reversed().map { "b\($0)" })
        }
    }

    @Test("is filtered by who, what, on what and since when")
    func filters() async throws {
        try await Self.with { rig, records in
            try await records.store.record([
                Self.entry(1, "ann", "browser.create"), Self.entry(2, "bob", "browser.delete"),
                Self.entry(3, "server-1", "server.lost"),
            ])
            for (query, subjects) in [
                ("?author=bob", ["b2"]), ("?action=browser.", ["b2", "b1"]),
                ("?action=server.lost", ["b3"]), ("?subject=b1", ["b1"]),
                ("?since=1970-01-01T00:00:02Z", ["b3", "b2"]),
            ] {
                let page = try await Self.list(rig, query, key: rig.admin)
                #expect(page.entries.map(\.subject) == subjects, "\(query)")
            }
            let entry = try #require(
                try await Self.list(rig, "?subject=b1", key: rig.admin).entries.first)
            #expect(entry.author == "ann" && entry.details == ["outcome": "ok"])
            #expect(entry.time.description == "1970-01-01T00:00:01.000Z")
        }
    }

    @Test("of a key is what it did itself")
    func own() async throws {
        try await Self.with { rig, records in
            let id = try #require(rig.ring.key(for: rig.user)?.id)
            try await records.store.record([
                Self.entry(1, id, "browser.create"), Self.entry(2, "bob", "browser.create"),
            ])
            #expect(try await Self.list(rig, key: rig.user).entries.map(\.subject) == ["b1"])
            #expect(
                try await Self.list(rig, "?author=\(id)", key: rig.user).entries.count == 1)
            let other = try await rig.call("GET", "/audit?author=bob", key: rig.user)
            #expect(try other.problem().code == .forbidden)
        }
    }

    @Test("is refused without a key and for values that make no sense")
    func refusals() async throws {
        try await Self.with { rig, _ in
            #expect(try await rig.call("GET", "/audit").problem().code == .unauthenticated)
            for query in ["?since=yesterday", "?cursor=x", "?limit=0", "?colour=red"] {
                let answer = try await rig.call("GET", "/audit\(query)", key: rig.admin)
                #expect(answer.status == 400, "\(query)")
            }
        }
    }
}
