// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import Synchronization

/// The fleet's events as they come, read from the store once for all readers of a process.
public final class EventFeed: Sendable {
    /// Where the events come from.
    public let bus: any EventBus
    /// Rings with every event.
    public let news = NewsBell()
    private let clock: any FleetClock
    private let state: Mutex<EventWindow?>
    private let capacity: Int

    /// Creates a feed; it reads while ``run()`` does.
    ///
    /// - Parameters:
    ///   - bus: where the events come from.
    ///   - capacity: how many are kept for readers that are a little behind.
    ///   - clock: times the pauses while the store is away.
    public init(
        _ bus: any EventBus, capacity: Int = 1024, clock: any FleetClock = MonotonicClock()
    ) {
        self.bus = bus
        self.capacity = capacity
        self.clock = clock
        state = Mutex(nil)
    }

    /// The newest events; `nil` before the store answered for the first time.
    public var window: EventWindow? { state.withLock(\.self) }

    /// Reads until the task is cancelled; while the store is away it tries again.
    public func run() async {
        while !Task.isCancelled {
            do throws(StoreError) {
                try await readOn()
            } catch {
                try? await clock.sleep(until: clock.now.advanced(by: Self.pauseAfterFailure))
            }
        }
    }

    private static let pauseAfterFailure: Duration = .milliseconds(250)
    private static let patience: Duration = .seconds(10)

    private func readOn() async throws(StoreError) {
        if window == nil {
            let newest = try await bus.newestEvent(within: nil)
            state.withLock { $0 = EventWindow(behind: newest, capacity: capacity) }
            news.ring()
        }
        while !Task.isCancelled, let position = window?.newest {
            let page = try await bus.nextEvents(
                after: position, limit: 500, patience: Self.patience)
            guard page.isGap || !page.items.isEmpty else { continue }
            if page.isGap { try await restart(page) }
            state.withLock { $0?.append(page.isGap ? Array(page.items.dropFirst()) : page.items) }
            news.ring()
        }
    }

    // What the store has behind a gap follows on its first event.
    private func restart(_ page: LogPage<FleetEvent>) async throws(StoreError) {
        let first: LogPosition
        if let item = page.items.first {
            first = item.position
        } else {
            first = try await bus.newestEvent(within: nil)
        }
        state.withLock { $0?.restart(behind: first) }
    }
}
