// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Logging
import Synchronization
import Testing

@Suite("A process that claims its server's name in a shared store")
struct ClaimKeeperTests {
    private static let rhythm = NameClaim.Rhythm(
        renewal: .milliseconds(20), patience: .milliseconds(200))

    private static func keeper(
        _ store: some ServerRegistry, id: String = "server-1", free: Int = 3,
        persisted: Int64? = nil, written: NumberBox = NumberBox()
    ) throws -> ClaimKeeper {
        let endpoint = try #require(ServerEndpoint("http://127.0.0.1:3000"))
        let own = OwnServer(
            name: try ServerName("server1.example.com"), id: try ServerID(id), endpoint: endpoint)
        return ClaimKeeper(
            .init(
                own: own, persisted: persisted, persist: { written.set($0) },
                report: { ServerReport(capacity: free, startedAt: 1, version: "1") }),
            registry: store, rhythm: rhythm,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// There is nothing to await in another's progress.
    private static func wait(until condition: () async throws -> Bool) async throws {
        for _ in 0..<4000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it did not come so far")
    }

    @Test("takes the name, writes its number down first, and keeps its row alive")
    func holds() async throws {
        let store = FleetStore(MemoryEngine())
        let written = NumberBox()
        let keeper = try Self.keeper(store, written: written)
        #expect(!keeper.mayTake && keeper.epoch == nil && keeper.next() == nil)
        let running = Task { await keeper.run() }
        try await Self.wait { keeper.mayTake }
        #expect(written.number == keeper.epoch?.number)
        try await Self.wait {
            let record = try await store.server(try ServerID("server-1"))
            return (record?.sequence ?? 0) > 3
        }
        let record = try #require(try await store.server(try ServerID("server-1")))
        #expect(record.presence == .active && record.epoch == keeper.epoch)
        #expect(record.report?.capacity == 3 && record.described?.url == "http://127.0.0.1:3000")
        running.cancel()
        await running.value
    }

    @Test("is fenced by a newer process of its name, once, and takes nothing from then on")
    func fenced() async throws {
        let store = FleetStore(MemoryEngine())
        let old = try Self.keeper(store, id: "server-1")
        let fences = Atomic(0)
        old.onFenced { fences.add(1, ordering: .relaxed) }
        let first = Task { await old.run() }
        try await Self.wait { old.mayTake }
        let new = try Self.keeper(store, id: "server-1-again")
        let second = Task { await new.run() }
        try await Self.wait { new.mayTake && fences.load(ordering: .relaxed) == 1 }
        #expect(!old.mayTake && old.epoch == nil && old.next() == nil)
        let events = try await store.events(after: .origin, limit: 99).items.map(\.entry.kind)
        #expect(events.contains(.serverFenced))
        for task in [first, second] { task.cancel() }
        await first.value
        await second.value
        #expect(fences.load(ordering: .relaxed) == 1)
    }

    @Test("is sure of nothing while the store is away, keeps its epoch, and is sure again after")
    func outage() async throws {
        let engine = AwayEngine()
        let store = FleetStore(engine)
        let keeper = try Self.keeper(store)
        let running = Task { await keeper.run() }
        try await Self.wait { keeper.mayTake }
        let epoch = keeper.epoch
        engine.goAway()
        try await Self.wait { !keeper.mayTake }
        #expect(keeper.epoch == epoch && keeper.next() != nil)
        engine.goAway(false)
        try await Self.wait { keeper.mayTake }
        #expect(keeper.epoch == epoch)
        running.cancel()
        await running.value
    }

    @Test("takes a higher number when a gateway knows one")
    func raises() async throws {
        let store = FleetStore(MemoryEngine())
        let keeper = try Self.keeper(store)
        let running = Task { await keeper.run() }
        try await Self.wait { keeper.mayTake }
        let higher = try #require(keeper.epoch?.number) + 5_000_000
        #expect(keeper.refused(newest: higher))
        try await Self.wait { keeper.mayTake }
        #expect((keeper.epoch?.number ?? 0) > higher)
        running.cancel()
        await running.value
    }

    @Test("a record that an operator removed comes back with the next heartbeat")
    func removed() async throws {
        let store = FleetStore(MemoryEngine())
        let keeper = try Self.keeper(store)
        let running = Task { await keeper.run() }
        try await Self.wait { keeper.mayTake }
        let id = try ServerID("server-1")
        try await store.run(
            RemoveServer(server: id, stamp: CommandStamp(author: "ann", unixMilliseconds: 1)))
        try await Self.wait { try await store.server(id)?.presence == .active }
        running.cancel()
        await running.value
    }
}

/// A number that closures share.
private final class NumberBox: Sendable {
    private let state = Mutex<Int64?>(nil)
    var number: Int64? { state.withLock(\.self) }
    func set(_ number: Int64) { state.withLock { $0 = number } }
}
