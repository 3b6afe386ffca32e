// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a server has of its fleet's store: the store itself, the events as they come, and a writer
/// for what nobody waits for. Run beside the server.
public struct FleetRecords: Sendable {
    /// The store.
    public let store: any SharedStore
    /// The fleet's events, read once for all of this server's readers.
    public let feed: EventFeed
    /// Takes what nobody waits for.
    public let writer: EntryWriter

    /// Creates the parts; they work while ``serve(during:)`` runs.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - serverID: the server, as which the writer speaks of itself.
    ///   - clock: tells them the time.
    public init(
        _ store: any SharedStore, serverID: String, clock: any FleetClock = MonotonicClock()
    ) {
        self.store = store
        feed = EventFeed(store, clock: clock)
        writer = EntryWriter(store, author: serverID, clock: clock)
    }

    /// Serves the store while `body` runs, and then writes what is left. A store that hangs is not
    /// waited for longer than ``endTimeout``.
    public func serve(during body: () async throws -> Void) async throws {
        let storing = Task { await store.run() }
        let feeding = Task { await feed.run() }
        let writing = Task { await writer.run() }
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        let ending = Task {
            feeding.cancel()
            // The writer needs the store until its end.
            writing.cancel()
            await writing.value
            storing.cancel()
            await feeding.value
            await storing.value
        }
        await Self.wait(for: ending)
        try outcome.get()
    }

    /// How long the end may take: a server that stops has no more.
    public static let endTimeout: Duration = .milliseconds(1500)

    // What takes longer ends by itself, with its own deadlines; what it still has to write is lost.
    private static func wait(for ending: Task<Void, Never>) async {
        let reply = StoreReply<Void>()
        Task {
            await ending.value
            reply.give(.success(()))
        }
        let late = StoreError(.unavailable, "the store did not end in time")
        // Who is cancelled waits all the same.
        let waiting = Task {
            try await reply.value(by: StoreDeadline(after: endTimeout), orThrow: late)
        }
        try? await waiting.value
    }
}
