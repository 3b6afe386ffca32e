// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Events and audit entries on their way to a store, which nobody waits for. A value.
///
/// They are written in groups, in their order. What does not fit is left out and counted, and an
/// audit entry says how many that were where they would have stood. A group whose outcome is
/// unknown is written again: entries that stand there twice are better than none.
public struct EntryQueue: Equatable, Sendable {
    /// How many entries may wait, those under way among them.
    public let capacity: Int
    /// Entries that were left out so far.
    public private(set) var leftOut = 0

    private let author: String
    private var waiting = AppendEntries()
    private var underWay: AppendEntries?
    /// Entries left out of which no audit entry tells yet.
    private var untold = 0

    /// Creates an empty queue.
    ///
    /// - Parameters:
    ///   - author: the server, as which the queue says that entries were left out.
    ///   - capacity: how many entries may wait.
    public init(author: String, capacity: Int = 20_000) {
        self.author = author
        self.capacity = capacity
    }

    /// How many entries wait, those under way among them.
    public var count: Int { waiting.count + (underWay?.count ?? 0) }

    /// Whether a whole group waits.
    public var isFull: Bool { waiting.count >= AppendEntries.mostEntries }

    /// Takes entries, all of them or none.
    ///
    /// - Returns: whether they were taken: there was room, and none is longer than a store takes.
    @discardableResult
    public mutating func add(_ entries: AppendEntries) -> Bool {
        guard count + entries.count <= capacity, entries.count <= AppendEntries.mostEntries,
            entries.longestBytes <= FleetEvent.mostBytes
        else {
            leftOut += entries.count
            untold += entries.count
            return false
        }
        waiting.events += entries.events
        waiting.audit += entries.audit
        return true
    }

    /// Begins a group, unless the last one was not ``written()`` yet.
    ///
    /// - Parameter unixMilliseconds: the time that an entry about what was left out has.
    /// - Returns: the group to write now; `nil` if nothing waits.
    public mutating func next(unixMilliseconds: Int64) -> AppendEntries? {
        if let underWay { return underWay }
        if untold > 0 {
            waiting.audit.append(
                AuditEntry(
                    author: author, action: "audit.left-out", subject: author,
                    unixMilliseconds: unixMilliseconds, details: ["count": "\(untold)"]))
            untold = 0
        }
        guard waiting.count > 0 else { return nil }
        underWay = waiting.removeFirst(AppendEntries.mostEntries)
        return underWay
    }

    /// The group is in the store.
    public mutating func written() { underWay = nil }
}

extension AppendEntries {
    /// How many entries there are.
    var count: Int { events.count + audit.count }

    /// The bytes of the longest.
    var longestBytes: Int { (events.map(\.byteCount) + audit.map(\.byteCount)).max() ?? 0 }

    // Events first: others wait for them.
    fileprivate mutating func removeFirst(_ most: Int) -> AppendEntries {
        let first = AppendEntries(
            events: Array(events.prefix(most)),
            audit: Array(audit.prefix(max(0, most - events.count))))
        events.removeFirst(first.events.count)
        audit.removeFirst(first.audit.count)
        return first
    }
}
