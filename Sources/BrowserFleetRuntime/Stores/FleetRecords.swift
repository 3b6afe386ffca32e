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

    /// Serves the store while `body` runs, and then writes what is left.
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
        feeding.cancel()
        await feeding.value
        // The writer needs the store until its end.
        writing.cancel()
        await writing.value
        storing.cancel()
        await storing.value
        try outcome.get()
    }
}
