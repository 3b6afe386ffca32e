// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime

/// A server's store, and what writes its audit there, run beside the server.
struct ServerStore: Sendable {
    /// The store.
    let shared: any SharedStore
    /// Takes what nobody waits for.
    let writer: EntryWriter

    init(_ store: any SharedStore, serverID: String) {
        shared = store
        writer = EntryWriter(store, author: serverID)
    }

    /// Serves the store while `body` runs, and then writes what is left.
    func serve(during body: () async throws -> Void) async throws {
        let storing = Task { await shared.run() }
        let writing = Task { await writer.run() }
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        // The writer needs the store until its end.
        writing.cancel()
        await writing.value
        storing.cancel()
        await storing.value
        try outcome.get()
    }
}
