// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A log in memory, and the reference for every other one.
public struct LogBook<Entry: Hashable & Sendable>: Hashable, Sendable {
    private var entries: [Entry] = []
    private var removed = 0

    /// Creates an empty log.
    public init() {}

    /// How many entries it keeps.
    public var count: Int { entries.count }

    /// Where the newest entry stands; the origin before the first.
    public var newest: LogPosition { position(at: entries.count - 1) }

    /// Adds an entry at the end.
    public mutating func append(_ entry: Entry) {
        entries.append(entry)
    }

    /// At most `limit` entries behind `position`, oldest first.
    ///
    /// A reader at a position that no entry stands at is told of a gap, except at the origin.
    public func page(after position: LogPosition, limit: Int) -> LogPage<Entry> {
        let first = count(upTo: position)
        let items = entries.indices.dropFirst(first).prefix(limit).map(item)
        let isKnown = first > 0 && self.position(at: first - 1) == position
        return LogPage(items: items, isGap: position != .origin && !isKnown)
    }

    /// At most `limit` entries before `position`, or of all, newest first.
    public func page(before position: LogPosition?, limit: Int) -> LogPage<Entry> {
        var older = position.map(count(upTo:)) ?? entries.count
        if older > 0, self.position(at: older - 1) == position { older -= 1 }
        return LogPage(items: entries.indices.prefix(older).reversed().prefix(limit).map(item))
    }

    /// Removes the oldest entries until `limit` are left.
    public mutating func trim(keeping limit: Int) {
        let surplus = max(entries.count - max(limit, 0), 0)
        entries.removeFirst(surplus)
        removed += surplus
    }

    // How many of the entries do not stand behind a position.
    private func count(upTo position: LogPosition) -> Int {
        guard position.major > UInt64(removed) else { return 0 }
        return Int(min(position.major - UInt64(removed), UInt64(entries.count)))
    }

    private func item(at index: Int) -> LogPage<Entry>.Item {
        .init(position: position(at: index), entry: entries[index])
    }

    private func position(at index: Int) -> LogPosition {
        LogPosition(major: UInt64(removed + index + 1), minor: 0)
    }
}
