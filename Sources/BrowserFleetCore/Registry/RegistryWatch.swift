// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What one gateway makes of the registry that its fleet shares: whom its view learns of, and whom
/// the fleet gives up.
///
/// The registry says who belongs to the fleet and what operators want; how a server is, the
/// gateway finds out by asking it. So a store that is away, or wrong, ends nothing. A server is
/// given up for the whole fleet only if this gateway does not reach it **and** it has written no
/// heartbeat to the store for as long as silence may last: whoever is cut off, be it this gateway
/// or that server's way to the store, gives up nobody. A server that registers itself and answers
/// stays though its row is gone: it writes the row again, and a store that lost its memory must not
/// make the fleet forget whose browsers are whose.
public struct RegistryWatch: Equatable, Sendable {
    /// What the gateway's view is told, and what the store is.
    public enum Action: Hashable, Sendable {
        /// There is a server.
        case enter(ServerEntry, ServerID)
        /// There is not, any more.
        case remove(ServerName)
        /// Its process said good-bye.
        case left(ServerName, ServerEpoch)
        /// An operator's word.
        case mark(ServerName, ServerMark)
        /// It is lost for the fleet, unless it has written a newer heartbeat than this one.
        case giveUp(ServerID, ServerEpoch, sequence: UInt64)
    }

    /// What is known of one name.
    private struct Known: Equatable {
        var record: ServerRecord
        var entry: ServerEntry?
        var hasLeft = false
        /// Since when its heartbeats in the store stand still.
        var stillSince: FleetInstant

        /// Whether a process writes the record again, should it be gone.
        var registersItself: Bool { record.epoch != nil && record.presence == .active }
    }

    /// The server that this process is; `nil` if it is none.
    public let own: ServerName?
    /// How long a server may write no heartbeat.
    public let patience: Duration
    /// Servers that the settings name; no store takes them out.
    public let listed: Set<ServerName>
    private var servers: [ServerName: Known] = [:]
    /// Whether a server that should be there is not: then the store is read more often.
    public private(set) var isUneasy = false

    /// Creates a watch that knows of nobody.
    public init(own: ServerName?, patience: Duration, listed: Set<ServerName> = []) {
        self.own = own
        self.patience = patience
        self.listed = listed
    }

    /// Takes all that stands in the registry.
    ///
    /// - Parameters:
    ///   - records: every record.
    ///   - missing: the servers that this gateway does not reach: never, or no more.
    ///   - now: the monotonic clock.
    /// - Returns: what follows, in the order of the names.
    public mutating func read(
        _ records: [ServerRecord], missing: Set<ServerName>, at now: FleetInstant
    ) -> [Action] {
        let current = Self.holders(records)
        var actions: [Action] = []
        for name in servers.keys.sorted() where current[name] == nil {
            if servers[name]?.registersItself == true, !missing.contains(name) { continue }
            servers[name] = nil
            if name != own, !listed.contains(name) { actions.append(.remove(name)) }
        }
        isUneasy = false
        for name in current.keys.sorted() {
            guard let record = current[name] else { continue }
            note(record, of: name, at: now, into: &actions)
            guard name != own, missing.contains(name) else { continue }
            give(up: name, at: now, into: &actions)
        }
        return actions
    }

    /// One record for each name: of several, that of the newest process.
    private static func holders(_ records: [ServerRecord]) -> [ServerName: ServerRecord] {
        var holders: [ServerName: ServerRecord] = [:]
        for record in records where record.fencedBy == nil {
            guard let name = record.serverName else { continue }
            if let other = holders[name], !record.isNewer(than: other) { continue }
            holders[name] = record
        }
        return holders
    }

    private mutating func note(
        _ record: ServerRecord, of name: ServerName, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        let before = servers[name]
        var known = before ?? Known(record: record, stillSince: now)
        if known.record.epoch != record.epoch || known.record.sequence != record.sequence {
            known.stillSince = now
        }
        if name != own, let endpoint = record.endpoint {
            let entry = ServerEntry(
                name: name, endpoint: endpoint,
                origin: record.entered == nil ? .listed : .manual, fields: record.fields)
            if entry != known.entry || record.id != known.record.id {
                actions.append(.enter(entry, record.id))
            }
            known.entry = entry
        }
        mark(record, of: name, before?.record, into: &actions)
        let hasLeft = record.presence == .inactive
        if hasLeft, !known.hasLeft, name != own, let epoch = record.epoch {
            actions.append(.left(name, epoch))
        }
        (known.record, known.hasLeft) = (record, hasLeft)
        servers[name] = known
    }

    private func mark(
        _ record: ServerRecord, of name: ServerName, _ before: ServerRecord?,
        into actions: inout [Action]
    ) {
        if record.isDraining != (before?.isDraining ?? false) {
            actions.append(.mark(name, record.isDraining ? .drain : .activate))
        }
        if record.healthMark != (before?.healthMark ?? .byChecks) {
            let mark: ServerMark =
                switch record.healthMark {
                case .byChecks: .byChecks
                case .healthy: .healthy
                case .unhealthy: .unhealthy
                }
            actions.append(.mark(name, mark))
        }
    }

    private mutating func give(
        up name: ServerName, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard let known = servers[name], known.record.presence == .active,
            let epoch = known.record.epoch
        else { return }
        isUneasy = true
        guard known.stillSince.advanced(by: patience) <= now else { return }
        actions.append(.giveUp(known.record.id, epoch, sequence: known.record.sequence))
    }
}

extension ServerRecord {
    /// Whether this record's process is the newer one of a name; one that had a process is newer
    /// than one that had none, and among equals the ID decides, so that all gateways agree.
    fileprivate func isNewer(than other: ServerRecord) -> Bool {
        let (mine, theirs) = (epoch?.number ?? .min, other.epoch?.number ?? .min)
        return mine == theirs ? id < other.id : mine > theirs
    }
}
