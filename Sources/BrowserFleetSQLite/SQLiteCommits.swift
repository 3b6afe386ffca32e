// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import GRDB
import Synchronization

/// The changes that wait for the disk. All that came while it was busy with earlier ones are one
/// transaction and one sync: the more come at once, the less each costs.
///
/// Who was answered has its change on the disk. A change whose checks fail is left out of the
/// transaction, the others are not touched by that.
final class SQLiteCommits: Sendable {
    private struct Waiting: Sendable {
        let change: EngineChange
        let reply: StoreReply<Bool>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
    }

    /// How many changes may wait, and how many are one transaction.
    private static let mostWaiting = 10_000
    private static let mostTogether = 500

    private let database: DatabaseQueue
    private let state = Mutex(State())

    init(_ database: DatabaseQueue) {
        self.database = database
    }

    /// Does all of `change`, or nothing, and answers which.
    func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        let reply = StoreReply<Bool>()
        guard submit(Waiting(change: change, reply: reply)) else {
            throw StoreError(.unavailable, "too many changes wait for the disk of the store")
        }
        return try await reply.value(
            by: deadline,
            orThrow: StoreError(.outcomeUnknown, "the disk of the store did not answer in time"))
    }

    private func submit(_ waiting: Waiting) -> Bool {
        let (isTaken, isFirst) = state.withLock { state -> (Bool, Bool) in
            guard state.waiting.count < Self.mostWaiting else { return (false, false) }
            state.waiting.append(waiting)
            defer { state.isWriting = true }
            return (true, !state.isWriting)
        }
        // On a task of its own, because a disk that hangs cannot be told to stop.
        if isFirst { Task.detached { await self.writeAll() } }
        return isTaken
    }

    private func writeAll() async {
        while let together = next() { await write(together) }
    }

    private func next() -> [Waiting]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            let together = state.waiting.prefix(Self.mostTogether)
            state.waiting.removeFirst(together.count)
            return together.filter(\.reply.isWanted)
        }
    }

    private func write(_ together: [Waiting]) async {
        do {
            let done = try await database.write { database in
                try together.map { try SQLiteQueries.commit($0.change, in: database) }
            }
            for (one, isDone) in zip(together, done) { one.reply.give(.success(isDone)) }
        } catch {
            // One may have spoilt it for all: each has a transaction of its own then.
            guard together.count == 1 else {
                for one in together { await write([one]) }
                return
            }
            together[0].reply.give(.failure(StoreError(sqlite: error)))
        }
    }
}
