// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The newest events of the fleet, kept in one process for all of its readers.
///
/// Between ``base`` and ``newest`` nothing is missing.
public struct EventWindow: Equatable, Sendable {
    /// One event and where it stands.
    public typealias Item = LogPage<FleetEvent>.Item

    /// What stands behind a reader's position.
    public enum Reading: Equatable, Sendable {
        /// These, oldest first.
        case items([Item])
        /// Nothing yet.
        case nothing
        /// Events that the window does not have any more, or never had.
        case outside
    }

    /// How many events it keeps.
    public let capacity: Int
    /// Behind this position the window has everything.
    public private(set) var base: LogPosition
    /// How often it began anew, because the store did not say what had come in between.
    public private(set) var restarts = 0
    private var items: [Item] = []

    /// Creates a window that begins behind a position.
    public init(behind base: LogPosition, capacity: Int = 1024) {
        self.base = base
        self.capacity = capacity
    }

    /// Where the newest event stands.
    public var newest: LogPosition { items.last?.position ?? base }

    /// Takes events that stand right behind ``newest``.
    public mutating func append(_ new: [Item]) {
        items += new
        // In halves, so that an event costs no move of all the others.
        guard items.count >= 2 * capacity else { return }
        let surplus = items.count - capacity
        base = items[surplus - 1].position
        items.removeFirst(surplus)
    }

    /// Begins anew behind a position.
    public mutating func restart(behind position: LogPosition) {
        restarts += 1
        base = position
        items = []
    }

    /// At most `limit` events behind `position`.
    public func read(after position: LogPosition, limit: Int) -> Reading {
        guard base <= position, position <= newest else { return .outside }
        guard position < newest else { return .nothing }
        let first = items.partition { $0.position > position }
        return .items(Array(items[first...].prefix(limit)))
    }
}

extension [LogPage<FleetEvent>.Item] {
    /// The first index whose item is what `isBehind` says, in a row where all after it are.
    fileprivate func partition(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
