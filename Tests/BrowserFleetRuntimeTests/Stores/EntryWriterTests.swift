// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import Synchronization
import Testing

@Suite("A writer of entries that nobody waits for")
struct EntryWriterTests {
    private static func entry(_ number: Int) -> AppendEntries {
        AppendEntries(
            audit: [
                AuditEntry(
                    author: "ann", action: "create", subject: "\(number)", unixMilliseconds: 1)
            ])
    }

    @Test("what came while the store was away is there when it is back, in order")
    func outage() async throws {
        let store = OutageStore()
        let writer = EntryWriter(store, author: "server-1", interval: .milliseconds(5))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            writer.add(Self.entry(1))
            await store.refusals.wait(after: 0, by: StoreDeadline(after: .seconds(20)))
            for number in 2...5 { writer.add(Self.entry(number)) }
            store.isAway.withLock { $0 = false }
            await store.writes.wait(after: 0, by: StoreDeadline(after: .seconds(20)))
            group.cancelAll()
        }
        let audit = try await store.base.audit(before: nil, limit: 9)
        #expect(audit.items.map(\.entry.subject) == ["5", "4", "3", "2", "1"])
        #expect(writer.count == 0)
    }
}

/// A store in memory that is away until it is told otherwise.
private final class OutageStore: CommandStore {
    let base = FleetStore(MemoryEngine())
    let isAway = Mutex(true)
    let refusals = NewsBell()
    let writes = NewsBell()

    func run<Answer: Sendable>(
        _ command: some StoreCommand<Answer>, within limit: Duration?
    ) async throws(StoreError) -> Answer {
        if isAway.withLock(\.self) {
            refusals.ring()
            throw StoreError(.unavailable, "away")
        }
        let answer = try await base.run(command, within: limit)
        writes.ring()
        return answer
    }
}
