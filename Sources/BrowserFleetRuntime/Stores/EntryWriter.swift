// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import Synchronization

/// Writes events and audit entries to a store in groups, so that no caller waits for the disk.
///
/// A crash of the process loses what came in the last ``interval`` and the group under way. What a
/// crash of the store's engine loses is the engine's to say. While the store is away the entries
/// wait; when there is no more room, later ones are left out, and the audit says how many.
public final class EntryWriter: EntrySink {
    private let store: any CommandStore
    private let clock: any FleetClock
    private let queue: Mutex<EntryQueue>
    private let bell = NewsBell()

    /// How long entries wait for others to be written with.
    public let interval: Duration

    /// Creates a writer; it writes while ``run()`` does.
    ///
    /// - Parameters:
    ///   - store: where to.
    ///   - author: the server, as which the writer says that entries were left out.
    ///   - capacity: how many entries may wait.
    ///   - interval: how long they wait for others.
    ///   - clock: stamps what the writer itself says, and times it.
    public init(
        _ store: any CommandStore, author: String, capacity: Int = 20_000,
        interval: Duration = .milliseconds(50), clock: any FleetClock = MonotonicClock()
    ) {
        self.store = store
        self.interval = interval
        self.clock = clock
        queue = Mutex(EntryQueue(author: author, capacity: capacity))
    }

    /// How many entries wait to be written.
    public var count: Int { queue.withLock(\.count) }

    /// How many entries were left out so far.
    public var leftOut: Int { queue.withLock(\.leftOut) }

    /// Takes entries to be written soon.
    public func add(_ entries: AppendEntries) {
        let isFull = queue.withLock { queue in
            queue.add(entries)
            return queue.isFull
        }
        if isFull { bell.ring() }
    }

    /// Writes until the task is cancelled, and then what is left, if the store takes it in time.
    public func run() async {
        while !Task.isCancelled {
            let rings = bell.rings
            if await writeAllToTheEnd(by: nil) {
                await bell.wait(after: rings, by: StoreDeadline(after: interval))
            } else {
                try? await clock.sleep(until: clock.now.advanced(by: Self.pauseAfterFailure))
            }
        }
        _ = await writeAllToTheEnd(by: StoreDeadline(after: Self.callTimeout))
    }

    // A group that was given up halfway may be written, and would be once more.
    private func writeAllToTheEnd(by end: StoreDeadline?) async -> Bool {
        await Task { await writeAll(by: end) }.value
    }

    private static let pauseAfterFailure: Duration = .milliseconds(250)
    private static let callTimeout: Duration = .seconds(2)

    // False if a group could not be written, which comes again with the next call.
    private func writeAll(by end: StoreDeadline?) async -> Bool {
        while let group = queue.withLock({ $0.next(unixMilliseconds: clock.unixMilliseconds) }) {
            do throws(StoreError) {
                try await store.run(group, within: end?.remaining ?? Self.callTimeout)
            } catch {
                return false
            }
            queue.withLock { $0.written() }
        }
        return true
    }
}
