// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What keeps the bytes of a store: memory, SQLite, Redis, PostgreSQL. It knows no rules.
///
/// ``FleetStore`` makes the four store ports of it. All it has to do is to read records with their
/// versions, to write several at once if no version has changed, and to keep two logs in order.
public protocol StoreEngine: Sendable {
    /// What stands under each of `keys`, in their order.
    func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?]

    /// Records of a kind in the order of the bytes of their names.
    func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord]

    /// Does all of `change`, or nothing if one of its checks fails; answers which.
    func commit(_ change: EngineChange, by deadline: StoreDeadline) async throws(StoreError) -> Bool

    /// Entries of a log.
    func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage

    /// Removes the oldest entries of a log until `limit` are left.
    func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError)

    /// Rings when there may be new events. It may ring for nothing, and be late.
    var news: NewsBell { get }

    /// Serves the engine until the task is cancelled, then lets go of all it has. Calls work from
    /// the beginning of it to its end.
    func run() async
}

/// Names a record of an engine.
public struct EngineKey: Hashable, Sendable {
    /// A word of `RecordKey.Kind`.
    public let kind: String
    /// Visible ASCII.
    public let name: String

    /// Creates a key.
    public init(kind: String, name: String) {
        self.kind = kind
        self.name = name
    }
}

/// A record as an engine keeps it.
public struct EngineRecord: Hashable, Sendable {
    /// Its name.
    public let key: EngineKey
    /// Changes with every write, drawn at random: an engine that lost data never repeats one.
    public let version: Int64
    /// What it can be listed by besides its kind; empty for nothing.
    public let group: String
    /// JSON.
    public let body: String

    /// Creates a record.
    public init(key: EngineKey, version: Int64, group: String, body: String) {
        self.key = key
        self.version = version
        self.group = group
        self.body = body
    }
}

/// Which records to list.
public struct EngineListing: Hashable, Sendable {
    /// Of which kind.
    public let kind: String
    /// Of which group; `nil` for all.
    public let group: String?
    /// Behind which name; empty for all.
    public let last: String
    /// How many at most.
    public let limit: Int

    /// Creates a listing.
    public init(kind: String, group: String?, last: String, limit: Int) {
        self.kind = kind
        self.group = group
        self.last = last
        self.limit = limit
    }
}

/// What to write in one step.
public struct EngineChange: Hashable, Sendable {
    /// What must stand there still.
    public struct Check: Hashable, Sendable {
        /// Which record.
        public let key: EngineKey
        /// What was read there; `nil` for nothing.
        public let record: EngineRecord?
    }

    /// What is to stand there; `nil` for nothing.
    public struct Write: Hashable, Sendable {
        /// Which record.
        public let key: EngineKey
        /// The record with its new version.
        public let record: EngineRecord?
    }

    /// Every record that was read. Each key stands here once, and every written key does.
    public var checks: [Check]
    /// The records to write.
    public var writes: [Write]
    /// What to append to each log, as JSON, in this order.
    public var events: [String]
    /// What to append to the audit log.
    public var audit: [String]
}

/// One of the two logs.
public enum EngineLog: String, Hashable, Sendable, CaseIterable {
    /// What happened.
    case events
    /// Who did what.
    case audit
}

/// Which entries of a log.
public enum EngineLogRange: Hashable, Sendable {
    /// Those behind a position, oldest first.
    case after(LogPosition)
    /// Those before a position, or all, newest first.
    case before(LogPosition?)
}

/// Entries of a log.
public struct EngineLogPage: Hashable, Sendable {
    /// One entry.
    public struct Item: Hashable, Sendable {
        /// Where it stands.
        public let position: LogPosition
        /// JSON.
        public let body: String

        /// Creates an item.
        public init(position: LogPosition, body: String) {
            self.position = position
            self.body = body
        }
    }

    /// The entries.
    public var items: [Item]
    /// For a range behind a position: whether an entry stands at that very position.
    public var isPositionKnown: Bool
    /// Whether newer entries are held back, see `LogPage.isBehind`.
    public var isBehind: Bool

    /// Creates a page.
    public init(items: [Item], isPositionKnown: Bool, isBehind: Bool = false) {
        self.items = items
        self.isPositionKnown = isPositionKnown
        self.isBehind = isBehind
    }
}
