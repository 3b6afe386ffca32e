// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Some entries of a log, in a row.
public struct LogPage<Entry: Sendable>: Sendable {
    /// One entry and where it stands.
    public struct Item: Sendable {
        /// Where it stands.
        public let position: LogPosition
        /// The entry.
        public let entry: Entry

        /// Creates an item.
        public init(position: LogPosition, entry: Entry) {
            self.position = position
            self.entry = entry
        }
    }

    /// The entries, oldest first when reading on, newest first when reading back.
    public var items: [Item]

    /// Whether entries behind the reader's position may be gone: what stood there is not kept any
    /// more, or was never here. The reader has to look at the whole anew.
    public var isGap: Bool

    /// Whether there may be newer entries that cannot be shown yet, because an older one may still
    /// come before them. Read again soon.
    public var isBehind: Bool

    /// Where to go on from: the last position of the page, or else where the reader was.
    public func next(after position: LogPosition) -> LogPosition {
        items.last?.position ?? position
    }

    /// Creates a page.
    public init(items: [Item], isGap: Bool = false, isBehind: Bool = false) {
        self.items = items
        self.isGap = isGap
        self.isBehind = isBehind
    }
}

extension LogPage: Equatable where Entry: Equatable {}
extension LogPage.Item: Equatable where Entry: Equatable {}
