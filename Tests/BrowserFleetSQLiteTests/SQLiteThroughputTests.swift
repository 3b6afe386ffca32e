// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetSQLite
import Foundation
import Testing

/// What one file takes in a second, on the disk (`synchronous = FULL`) before it is answered. A third
/// of what is promised is asked in CI, where other programs run beside it.
@Suite("The speed of the store in a SQLite file", .serialized)
struct SQLiteThroughputTests {
    private static let share =
        ProcessInfo.processInfo.environment["FLEET_SOAK"] == "1" ? 1 : 1.0 / 3

    private static func withStore(
        _ body: (FleetStore<SQLiteEngine>) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("fleet-sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(FleetStore(try SQLiteEngine(path: folder.path + "/fleet.db")))
    }

    /// What a create leaves: an event and an audit entry.
    private static func create(_ number: Int) -> AppendEntries {
        let (subject, time) = ("one-example-com_\(number)", Int64(1_800_000_000_000 + number))
        return AppendEntries(
            events: [
                FleetEvent(.init("browser.created"), subject: subject, unixMilliseconds: time)
            ],
            audit: [
                AuditEntry(
                    author: "ann", action: "browser.create", subject: subject,
                    unixMilliseconds: time, details: ["status": "201", "address": "127.0.0.1"])
            ])
    }

    private static func report(
        _ what: String, _ count: Int, since begin: ContinuousClock.Instant, promised: Double = 2000
    ) {
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let rate = Double(count) / seconds
        print("\(what): \(Int(rate)) a second")
        #expect(rate >= promised * share, "\(what)")
    }

    /// Lets 100 callers do `work` 4,000 times in all.
    private static func measure(
        _ what: String, promised: Double = 2000,
        _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (callers, each) = (100, 40)
        let begin = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    for round in 0..<each { try await work(caller * each + round) }
                }
            }
            try await group.waitForAll()
        }
        report(what, callers * each, since: begin, promised: promised)
    }

    @Test("100 callers that wait for the disk share its syncs")
    func waiting() async throws {
        try await Self.withStore { store in
            try await Self.measure("creates that wait for the disk") { number in
                try await store.run(Self.create(number))
            }
            #expect(try await store.audit(before: nil, limit: 9999).items.count == 4000)
        }
    }

    @Test("so do those that bind keys, each with its own record, event and audit entry")
    func keys() async throws {
        try await Self.withStore { store in
            var fields = ServerFields()
            fields.url = "https://one.example.com"
            let server = try ServerID("server-1")
            let stamp = CommandStamp(author: "ann", unixMilliseconds: 1_800_000_000_000)
            try await store.run(EnterServer(server: server, fields: fields, stamp: stamp))
            try await Self.measure("keys bound", promised: 1000) { number in
                let put = PutAssignment(
                    key: try AssignmentKey("device-\(number)"), owner: "ann", server: server,
                    expected: nil, stamp: stamp)
                try await store.run(put)
            }
            #expect(try await store.assignments(of: server, limit: 9999).count == 4000)
        }
    }

    @Test("what nobody waits for is written in groups, all of it, also what came last")
    func groups() async throws {
        try await Self.withStore { store in
            let writer = EntryWriter(store, author: "server-1")
            let begin = ContinuousClock.now
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await writer.run() }
                for number in 0..<10_000 { writer.add(Self.create(number)) }
                group.cancelAll()
            }
            Self.report("creates that do not wait", 10_000, since: begin)
            #expect(writer.leftOut == 0 && writer.count == 0)
            let newest = try await store.audit(before: nil, limit: 1)
            #expect(newest.items.first?.entry.subject == "one-example-com_9999")
        }
    }
}
