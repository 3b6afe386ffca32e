// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Foundation
import InMemoryLogging
import Logging
import Testing

@testable import BrowserFleetPostgres

@Suite("The store in PostgreSQL", .serialized)
struct PostgresEngineTests {
    /// 10,000 in `make soak`.
    private static let operations =
        ProcessInfo.processInfo.environment["FLEET_SOAK"] == "1" ? 10_000 : 1500

    private static let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

    // One for all tests, since making its files takes seconds; each test has its own database.
    private static let shared = Task { try await PrivateEngine(.postgres) }

    private static func url(
        of postgres: PrivateEngine, database: String = "postgres", query: String = ""
    ) -> String {
        "postgres://fleet@127.0.0.1:\(postgres.port)/\(database)?sslmode=prefer\(query)"
    }

    // One that has just been started listens before it lets anybody in.
    private static func connect(_ url: String) throws -> PostgresConnection {
        let end = StoreDeadline(after: .seconds(20))
        while true {
            do throws(PostgresFailure) {
                return try PostgresConnection(url: url, by: end)
            } catch {
                guard error.error.code == .unavailable, !end.isOver else { throw error }
                usleep(50_000)
            }
        }
    }

    /// The URL of an empty database.
    private static func freshURL(of postgres: PrivateEngine) throws -> String {
        let name = "test_\(UUID().uuidString.replacing("-", with: "").lowercased())"
        _ = try connect(url(of: postgres)).run(
            "CREATE DATABASE \(name)", by: StoreDeadline(after: .seconds(20)))
        return url(of: postgres, database: name)
    }

    private static func store(
        _ url: String, directURL: String? = nil, logger: Logger = quiet
    ) -> FleetStore<PostgresEngine> {
        FleetStore(
            PostgresEngine(url: url, directURL: directURL, logger: logger), logger: logger)
    }

    @Test("answers as the model does", arguments: [false, true])
    func contract(isPooled: Bool) async throws {
        let url = try Self.freshURL(of: try await Self.shared.value)
        let seed = UInt64.random(in: 0...99_999)
        let store = Self.store(url, directURL: isPooled ? url : nil)
        var contract = StoreContract(store, seed: seed)
        let differences = await contract.run(operations: Self.operations / (isPooled ? 3 : 1))
        print("contract: seed \(seed), \(contract.operations) operations")
        #expect(differences == [], "seed \(seed)")
    }

    @Test("of those who want one key at once, as many win as there are moves")
    func race() async throws {
        let url = try Self.freshURL(of: try await Self.shared.value)
        let stores = (0..<3).map { _ in Self.store(url) }
        var race = StoreRace()
        try await race.run(on: stores, runners: 9, rounds: 20)
        #expect(race.wins > 0 && race.unknown == 0)
        #expect(try await race.contradictions(in: stores[0]) == [])
    }

    @Test("crashes of PostgreSQL in the middle of work lose nothing that was answered")
    func restart() async throws {
        let postgres = try await PrivateEngine(.postgres)
        let url = Self.url(of: postgres)
        let stores = (0..<2).map { _ in Self.store(url) }
        async let crashes: Void = {
            for _ in 0..<2 {
                try await Task.sleep(for: .milliseconds(300))
                postgres.crash()
                try await Task.sleep(for: .milliseconds(200))
                try await postgres.start()
            }
        }()
        var race = StoreRace()
        for _ in 0..<4 {
            try await race.run(on: stores, runners: 6, rounds: 30, within: .seconds(15))
        }
        try await crashes
        print("restarts: \(race.wins) won, \(race.losses) lost, \(race.unknown) unknown")
        #expect(race.wins > 50)
        #expect(try await race.contradictions(in: stores[0]) == [])
    }

    @Test("while PostgreSQL is away calls end as unavailable, in time, and work again afterwards")
    func away() async throws {
        let postgres = try await PrivateEngine(.postgres)
        let store = Self.store(Self.url(of: postgres))
        #expect(try await store.newestEvent() == .origin)
        postgres.crash()
        let began = ContinuousClock.now
        await #expect {
            try await store.newestEvent(within: .milliseconds(400))
        } throws: { ($0 as? StoreError)?.code == .unavailable }
        #expect(ContinuousClock.now - began < .milliseconds(1300))
        try await postgres.start()
        #expect(try await store.newestEvent(within: .seconds(20)) == .origin)
    }

    @Test("a PostgreSQL that is away at the start is said in a line, and used when it comes")
    func awayAtStart() async throws {
        let postgres = try await PrivateEngine(.postgres)
        postgres.crash()
        let log = InMemoryLogHandler()
        let store = Self.store(
            Self.url(of: postgres), logger: Logger(label: "test") { _ in log })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            try await PrivateEngine.awaitUntil { store.unready == "store-unavailable" }
            try await postgres.start()
            try await PrivateEngine.awaitUntil { store.unready == nil }
            #expect(try await store.newestEvent() == .origin)
            group.cancelAll()
        }
        let lines = log.entries.map { "\($0.message)" }
        #expect(lines.count == 2)
        #expect(lines.first?.contains("Connection refused") == true)
        #expect(lines.last?.contains("the store works again") == true)
    }

    @Test("what a crash may lose, as PostgreSQL is set up, is said once")
    func losses() async throws {
        let url = try Self.freshURL(of: try await Self.shared.value)
        for (query, count) in [("&options=-csynchronous_commit%3Doff", 1), ("", 0)] {
            let log = InMemoryLogHandler()
            let store = Self.store(url + query, logger: Logger(label: "test") { _ in log })
            for _ in 1...8 { _ = try await store.newestEvent() }
            let lines = log.entries.map { "\($0.message)" }
            #expect(lines.filter { $0.contains("synchronous_commit = on") }.count == count)
            #expect(lines.count == count)
        }
    }

    @Test("an event of a transaction that ends late reaches those who read later ones")
    func lateTransaction() async throws {
        let url = try Self.freshURL(of: try await Self.shared.value)
        let store = Self.store(url)
        _ = try await store.newestEvent()
        let soon = StoreDeadline(after: .seconds(10))
        let late = try Self.connect(url)
        let body = #"{"kind":"late","subject":"s","unixMilliseconds":1,"details":{}}"#
        _ = try late.run("BEGIN", by: soon)
        _ = try late.run(
            "INSERT INTO fleet_log (log, body) VALUES ('events', '\(body)')", by: soon)
        try await store.publish([FleetEvent(.init("early"), subject: "s", unixMilliseconds: 1)])
        let held = try await store.events(after: .origin, limit: 9)
        #expect(held.items.isEmpty && held.isBehind)
        _ = try late.run("COMMIT", by: soon)
        let page = try await store.nextEvents(after: .origin, limit: 9, patience: .seconds(5))
        #expect(page.items.map(\.entry.kind.word) == ["late", "early"])
    }

    @Test("its service ends soon, also amid events and while PostgreSQL is away")
    func end() async throws {
        let postgres = try await PrivateEngine(.postgres)
        let url = Self.url(of: postgres)
        let amid = StoreEnd(rounds: 10, events: 5)
        #expect(try await amid.longest { Self.store(url) } < .milliseconds(2500))
        postgres.crash()
        let away = StoreEnd(rounds: 3, events: 0)
        #expect(try await away.longest { Self.store(url) } < .milliseconds(2500))
    }

    @Test("a reader is woken by an event of another server")
    func wake() async throws {
        let url = try Self.freshURL(of: try await Self.shared.value)
        let (reader, writer) = (Self.store(url), Self.store(url))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await reader.run() }
            for number in 1...3 {
                let position = try await reader.newestEvent()
                async let page = reader.nextEvents(
                    after: position, limit: 9, patience: .seconds(20))
                try await Task.sleep(for: .milliseconds(200))
                let began = ContinuousClock.now
                let event = FleetEvent(.serverLost, subject: "\(number)", unixMilliseconds: 1)
                try await writer.publish([event])
                #expect(try await page.items.map(\.entry) == [event])
                #expect(ContinuousClock.now - began < .seconds(1))
            }
            group.cancelAll()
        }
    }

    @Test("several servers that start at once make the tables once")
    func migrations() async throws {
        let url = try Self.freshURL(of: try await Self.shared.value)
        try await withThrowingTaskGroup(of: LogPosition.self) { group in
            for _ in 0..<6 { group.addTask { try await Self.store(url).newestEvent() } }
            for try await position in group { #expect(position == .origin) }
        }
    }

    @Test("what needs an operator is said at once")
    func unusable() async throws {
        let postgres = try await Self.shared.value
        for url in [
            Self.url(of: postgres, database: "nowhere"), "postgres://[::1/x",
            "postgres://fleet@127.0.0.1:\(postgres.port)/postgres?sslmode=odd",
        ] {
            let began = ContinuousClock.now
            await #expect {
                try await Self.store(url).newestEvent()
            } throws: { ($0 as? StoreError)?.code == .unusable }
            #expect(ContinuousClock.now - began < .seconds(2))
        }
    }

    @Test("sslmode=verify-full checks the certificate")
    func tls() async throws {
        let postgres = try await Self.shared.value
        let file = postgres.folder.appendingPathComponent("tls/server.crt").path
        let host = "postgres://fleet@localhost:\(postgres.port)/postgres?hostaddr=127.0.0.1"
        let good = "\(host)&sslmode=verify-full&sslrootcert=\(file)"
        #expect(try await Self.store(good).newestEvent() == .origin)
        let rows = try Self.connect(good).run(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
            by: StoreDeadline(after: .seconds(5)))
        #expect(rows == [["t"]])
        await #expect(throws: StoreError.self) {
            try await Self.store("\(host)&sslmode=verify-full&sslrootcert=/nowhere").newestEvent(
                within: .milliseconds(500))
        }
    }
}
