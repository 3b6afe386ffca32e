// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// One reader of the fleet's events. A value: it keeps nothing but its place.
public struct EventReader: Sendable {
    /// What a reader gets at a time.
    public enum Portion: Sendable, Equatable {
        /// Events, oldest first, as the reader may see them.
        case events([EventCursor.Item])
        /// Events before these may be missing: the store does not have them any more.
        case gap(then: [EventCursor.Item])
        /// Nothing came while the reader was willing to wait.
        case silence
        /// The reader is at the end, and did not want to wait.
        case end
        /// The reader was there and fell too far behind.
        case tooSlow
    }

    private let feed: EventFeed
    private let filter: EventFilter
    private var cursor: EventCursor

    /// How many events a reader takes at once.
    private static let portion = 200

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - feed: what it reads.
    ///   - position: behind which event it begins.
    ///   - filter: what it is shown.
    public init(_ feed: EventFeed, after position: LogPosition, filter: EventFilter) {
        self.feed = feed
        self.filter = filter
        cursor = EventCursor(after: position)
    }

    /// Where it stands: everything up to there was shown, or is not for this reader.
    public var position: LogPosition { cursor.position }

    /// What comes next.
    ///
    /// - Parameter patience: how long to wait for it; `nil` does not wait.
    /// - Returns: what came, or that nothing did.
    /// - Throws: ``StoreError`` if it has to read in the store, which is away.
    public mutating func next(patience: Duration?) async throws(StoreError) -> Portion {
        let deadline = StoreDeadline(after: patience ?? .zero)
        while !Task.isCancelled {
            let rings = feed.news.rings
            switch cursor.step(in: feed.window, limit: Self.portion) {
            case .take(let items):
                let shown = shown(items)
                if !shown.isEmpty { return .events(shown) }
            case .ask(let position):
                let page = try await feed.bus.events(
                    after: position, limit: Self.portion, within: nil)
                cursor.take(page, window: feed.window)
                let shown = shown(page.items)
                if page.isGap { return .gap(then: shown) }
                if !shown.isEmpty { return .events(shown) }
                if page.items.isEmpty {
                    guard patience != nil else { return .end }
                    await feed.news.wait(after: rings, by: deadline)
                }
            case .wait:
                guard patience != nil else { return .end }
                await feed.news.wait(after: rings, by: deadline)
            case .tooSlow: return .tooSlow
            }
            if patience != nil, deadline.isOver { return .silence }
        }
        return .silence
    }

    private func shown(_ items: [EventCursor.Item]) -> [EventCursor.Item] {
        items.compactMap { item in
            filter.shown(item.entry).map { .init(position: item.position, entry: $0) }
        }
    }
}
