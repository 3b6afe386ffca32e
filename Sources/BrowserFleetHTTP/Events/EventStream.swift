// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// One client that reads the fleet's events: writes what its reader brings, as fast as the client
/// takes it, until one of the two ends.
struct EventStream: Sendable {
    /// What it reads.
    let reader: EventReader
    /// Whether it waits for what comes.
    let follows: Bool
    /// How often the client hears something.
    let heartbeat: Duration
    /// How long one write may take.
    let patience: Duration
    let clock: any FleetClock
    /// Whether the client's key still counts; asked once in each `heartbeat`, however much comes.
    let isAllowed: @Sendable () async -> Bool
    /// The client was given up.
    let onSlow: @Sendable () -> Void

    /// Why a stream ends.
    private enum End: Error {
        case done
        case word(ProblemCode, String)
    }

    /// Writes the whole stream.
    @concurrent
    func write(to writer: inout any ResponseBodyWriter) async throws {
        var reader = reader
        var isDue = clock.now.advanced(by: heartbeat)
        do {
            try await send(EventText.beginning, to: &writer)
            while true {
                let (next, text) = try await lines(behind: reader)
                reader = next
                if isDue <= clock.now {
                    guard await isAllowed() else {
                        throw End.word(.invalidKey, "The key does not count any more.")
                    }
                    isDue = clock.now.advanced(by: heartbeat)
                }
                try await send(text, to: &writer)
            }
        } catch let end as End {
            if case .word(let code, let detail) = end {
                try await send(EventText.end(code, detail), to: &writer)
            }
        }
        try await writer.finish(nil)
    }

    private func lines(behind reader: EventReader) async throws -> (EventReader, String) {
        var reader = reader
        let portion: EventReader.Portion
        (reader, portion) = await next(behind: reader)
        if Task.isShuttingDownGracefully {
            throw End.word(.serverStopping, "The server stops; go on elsewhere with Last-Event-ID.")
        }
        switch portion {
        case .events(let items): return (reader, items.map(EventText.event).joined())
        case .gap(let items):
            return (reader, EventText.gap + items.map(EventText.event).joined())
        case .silence: return (reader, EventText.heartbeat(at: reader.position))
        case .end: throw End.done
        case .tooSlow:
            onSlow()
            throw End.word(
                .readerTooSlow, "You read too slowly; go on with Last-Event-ID, or by 'types'.")
        }
    }

    /// The next portion; ends the wait when the client goes away or the server stops.
    private func next(
        behind reader: EventReader
    ) async -> (EventReader, EventReader.Portion) {
        let work: @Sendable () async -> (EventReader, EventReader.Portion) = {
            var reader = reader
            do throws(StoreError) {
                let portion = try await reader.next(patience: follows ? heartbeat : nil)
                return (reader, portion)
            } catch {
                // The store is away: what the client has not read stands there when it is back.
                try? await clock.sleep(until: clock.now.advanced(by: Self.pause(heartbeat)))
                return (reader, follows ? .silence : .end)
            }
        }
        let guarded: @Sendable () async -> (EventReader, EventReader.Portion) = {
            await cancelWhenGracefulShutdown(work)
        }
        guard let client = ConnectedClient.current else { return await guarded() }
        return await client.whileClientStays(guarded)
    }

    private static func pause(_ heartbeat: Duration) -> Duration { min(heartbeat, .seconds(1)) }

    /// Writes; a client that takes nothing for too long loses its connection.
    @concurrent
    private func send(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
        let client = ConnectedClient.current
        let watch = Task { [clock, patience, onSlow] in
            try await clock.sleep(until: clock.now.advanced(by: patience))
            onSlow()
            client?.hangUp()
        }
        defer { watch.cancel() }
        try await writer.write(ByteBuffer(string: text))
    }
}
