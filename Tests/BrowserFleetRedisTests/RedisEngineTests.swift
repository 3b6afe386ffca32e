// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Foundation
import InMemoryLogging
import Logging
import NIOSSL
import Testing

@testable import BrowserFleetRedis

@Suite("The store in Redis", .serialized)
struct RedisEngineTests {
    /// 10,000 in `make soak`.
    private static let operations =
        ProcessInfo.processInfo.environment["FLEET_SOAK"] == "1" ? 10_000 : 1500

    private static let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

    private static func store(
        of redis: PrivateEngine, at text: String? = nil, prefix: String = "fleet:",
        trust: [NIOSSLCertificate]? = nil, logger: Logger = quiet
    ) throws -> FleetStore<RedisEngine> {
        let address = try address(of: redis, at: text)
        return FleetStore(
            RedisEngine(address, prefix: prefix, trust: trust, logger: logger), logger: logger)
    }

    private static func address(
        of redis: PrivateEngine, at text: String? = nil
    ) throws -> RedisAddress {
        let text = text ?? "redis://127.0.0.1:\(redis.port)"
        guard case .redis(let address) = try StoreAddress(text) else {
            throw StoreError(.unusable, "\(text) is not of Redis")
        }
        return address
    }

    @Test("answers as the model does")
    func contract() async throws {
        let redis = try await PrivateEngine(.redis)
        let seed = UInt64.random(in: 0...99_999)
        var contract = StoreContract(try Self.store(of: redis), seed: seed)
        let differences = await contract.run(operations: Self.operations)
        print("contract: seed \(seed), \(contract.operations) operations")
        #expect(differences == [], "seed \(seed)")
    }

    @Test("two fleets share one Redis under prefixes of their own")
    func prefixes() async throws {
        let redis = try await PrivateEngine(.redis)
        let one = try Self.store(of: redis, prefix: "one:")
        try await one.publish([FleetEvent(.serverLost, subject: "a", unixMilliseconds: 1)])
        let two = try Self.store(of: redis, prefix: "two:")
        #expect(try await two.events(after: .origin, limit: 9).items.isEmpty)
        #expect(try await one.events(after: .origin, limit: 9).items.count == 1)
    }

    @Test("of those who want one key at once, as many win as there are moves")
    func race() async throws {
        let redis = try await PrivateEngine(.redis)
        let stores = try (0..<3).map { _ in try Self.store(of: redis) }
        var race = StoreRace()
        try await race.run(on: stores, runners: 9, rounds: 30)
        #expect(race.wins > 0 && race.unknown == 0)
        #expect(try await race.contradictions(in: stores[0]) == [])
    }

    @Test("crashes of Redis in the middle of work lose nothing that was answered")
    func restart() async throws {
        let redis = try await PrivateEngine(.redis)
        let stores = try (0..<2).map { _ in try Self.store(of: redis) }
        async let crashes: Void = {
            for _ in 0..<3 {
                try await Task.sleep(for: .milliseconds(150))
                redis.crash()
                try await Task.sleep(for: .milliseconds(200))
                try await redis.start()
            }
        }()
        var race = StoreRace()
        for _ in 0..<6 { try await race.run(on: stores, runners: 6, rounds: 60) }
        try await crashes
        print("restarts: \(race.wins) won, \(race.losses) lost, \(race.unknown) unknown")
        #expect(race.wins > 100)
        #expect(try await race.contradictions(in: stores[0]) == [])
    }

    @Test("while Redis is away calls end as unavailable, in time, and work again when it is back")
    func away() async throws {
        let redis = try await PrivateEngine(.redis)
        let store = try Self.store(of: redis)
        #expect(try await store.newestEvent() == .origin)
        redis.crash()
        let began = ContinuousClock.now
        await #expect {
            try await store.newestEvent(within: .milliseconds(400))
        } throws: { ($0 as? StoreError)?.code == .unavailable }
        #expect(ContinuousClock.now - began < .milliseconds(1200))
        try await redis.start()
        #expect(try await store.newestEvent() == .origin)
    }

    @Test("a Redis that is away at the start is said in a line, and used when it comes")
    func awayAtStart() async throws {
        let redis = try await PrivateEngine(.redis)
        redis.crash()
        let log = InMemoryLogHandler()
        let store = try Self.store(of: redis, logger: Logger(label: "test") { _ in log })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            try await PrivateEngine.awaitUntil { store.unready == "store-unavailable" }
            try await redis.start()
            try await PrivateEngine.awaitUntil { store.unready == nil }
            #expect(try await store.newestEvent() == .origin)
            group.cancelAll()
        }
        let lines = log.entries.map { "\($0.message)" }
        #expect(lines.count == 2)
        #expect(lines.first?.contains("cannot be reached: Connection refused") == true)
        #expect(lines.last?.contains("the store works again") == true)
    }

    @Test(
        "what a crash may lose, as Redis is set up, is said once",
        arguments: [
            (["--appendonly", "no"], "set appendonly yes"),
            (["--appendfsync", "everysec"], "loses up to a second"), ([], nil),
        ] as [([String], String?)])
    func losses(settings: [String], words: String?) async throws {
        let redis = try await PrivateEngine(.redis, settings: settings)
        let log = InMemoryLogHandler()
        let store = try Self.store(of: redis, logger: Logger(label: "test") { _ in log })
        #expect(try await store.newestEvent() == .origin)
        redis.crash()
        try await redis.start()
        #expect(try await store.newestEvent(within: .seconds(20)) == .origin)
        let lines = log.entries.map { "\($0.message)" }.filter { $0.contains("crash") }
        #expect(lines.count == (words == nil ? 0 : 1))
        if let words { #expect(lines.first?.contains(words) == true) }
    }

    @Test("a Redis that hangs does not hang its callers")
    func frozen() async throws {
        let redis = try await PrivateEngine(.redis)
        let store = try Self.store(of: redis)
        try await store.publish([FleetEvent(.serverLost, subject: "a", unixMilliseconds: 1)])
        redis.freeze(true)
        defer { redis.freeze(false) }
        let began = ContinuousClock.now
        await #expect {
            try await store.publish(
                [FleetEvent(.serverLost, subject: "b", unixMilliseconds: 1)],
                within: .milliseconds(300))
        } throws: { ($0 as? StoreError)?.code == .outcomeUnknown }
        await #expect {
            try await store.newestEvent(within: .milliseconds(300))
        } throws: { ($0 as? StoreError)?.code == .unavailable }
        #expect(ContinuousClock.now - began < .milliseconds(1800))
    }

    @Test("what is sent on a connection that has ended fails at once")
    func sendAfterEnd() async throws {
        let redis = try await PrivateEngine(.redis)
        let connection = try await RedisConnection.dial(
            try Self.address(of: redis), trust: nil, silence: .seconds(30), timeout: .seconds(5))
        connection.close()
        try await PrivateEngine.awaitUntil { !connection.isActive }
        let began = ContinuousClock.now
        await #expect(throws: (any Error).self) {
            try await connection.send([["PING"]], by: StoreDeadline(after: .seconds(20)))
        }
        #expect(ContinuousClock.now - began < .seconds(3))
    }

    @Test("its service ends soon, also amid events and while Redis is away")
    func end() async throws {
        let redis = try await PrivateEngine(.redis)
        let amid = StoreEnd(rounds: 40, events: 5)
        #expect(try await amid.longest { try Self.store(of: redis) } < .milliseconds(2500))
        redis.crash()
        let away = StoreEnd(rounds: 3, events: 0)
        #expect(try await away.longest { try Self.store(of: redis) } < .milliseconds(2500))
    }

    @Test("a reader is woken by an event of another server")
    func wake() async throws {
        let redis = try await PrivateEngine(.redis)
        let (reader, writer) = (try Self.store(of: redis), try Self.store(of: redis))
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

    @Test("a Redis that would drop records when it is full is refused, with the setting to change")
    func eviction() async throws {
        let redis = try await PrivateEngine(
            .redis, settings: ["--maxmemory-policy", "allkeys-lru"])
        let store = try Self.store(of: redis)
        await #expect {
            try await store.newestEvent()
        } throws: { error in
            let error = error as? StoreError
            return error?.code == .unusable && error?.message.contains("noeviction") == true
        }
    }

    @Test("a wrong password is said at once, without the password")
    func password() async throws {
        let redis = try await PrivateEngine(.redis, settings: ["--requirepass", "secret"])
        let right = "redis://:secret@127.0.0.1:\(redis.port)/2"
        #expect(try await Self.store(of: redis, at: right).newestEvent() == .origin)
        let wrong = try Self.store(of: redis, at: "redis://:hunter2@127.0.0.1:\(redis.port)")
        await #expect {
            try await wrong.newestEvent()
        } throws: { error in
            let error = error as? StoreError
            return error?.code == .unusable && error?.message.contains("WRONGPASS") == true
                && error?.message.contains("hunter2") == false
        }
    }

    @Test("rediss:// checks the certificate")
    func tls() async throws {
        let redis = try await PrivateEngine(.redis)
        let file = redis.folder.appendingPathComponent("tls/server.crt").path
        let trust = try NIOSSLCertificate.fromPEMFile(file)
        for host in ["127.0.0.1", "localhost"] {
            let text = "rediss://\(host):\(redis.tlsPort)"
            let store = try Self.store(of: redis, at: text, trust: trust)
            #expect(try await store.newestEvent() == .origin)
            let stranger = try Self.store(of: redis, at: text)
            await #expect {
                try await stranger.newestEvent(within: .milliseconds(500))
            } throws: { ($0 as? StoreError)?.code == .unavailable }
        }
    }
}
