// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

extension FleetStore: ServerRegistry {
    /// One server; `nil` if the registry does not know it.
    public func server(
        _ id: ServerID, within limit: Duration? = nil
    ) async throws(StoreError) -> ServerRecord? {
        guard case .server(let record) = try await record(.server(id), within: limit) else {
            return nil
        }
        return record
    }

    /// Which process has a name; `nil` if none ever had.
    public func entry(
        of name: ServerName, within limit: Duration? = nil
    ) async throws(StoreError) -> NameEntry? {
        guard case .name(let entry) = try await record(.name(name), within: limit) else {
            return nil
        }
        return entry
    }

    /// At most `limit` servers behind `last` in the order of their IDs.
    public func servers(
        after last: ServerID? = nil, limit: Int, within time: Duration? = nil
    ) async throws(StoreError) -> [ServerRecord] {
        let listing = EngineListing(
            kind: RecordKey.Kind.server.rawValue, group: nil, last: last?.text ?? "", limit: limit)
        var servers: [ServerRecord] = []
        for record in try await engine.list(listing, by: deadline(time)) {
            servers.append(try RecordCoding.value(record.body))
        }
        return servers
    }

    private func record(
        _ key: RecordKey, within limit: Duration?
    ) async throws(StoreError) -> StoredRecord? {
        let read = try await engine.read([RecordCoding.key(key)], by: deadline(limit))
        guard let record = read.first ?? nil else { return nil }
        return try RecordCoding.stored(record)
    }
}

extension FleetStore: AssignmentStore {
    /// Where a key is; `nil` if it is nowhere.
    public func assignment(
        of key: AssignmentKey, within limit: Duration? = nil
    ) async throws(StoreError) -> Assignment? {
        guard case .assignment(let found) = try await record(.assignment(key), within: limit) else {
            return nil
        }
        return found
    }

    /// At most `limit` assignments behind `last` in the order of their keys.
    public func assignments(
        of server: ServerID?, after last: AssignmentKey? = nil, limit: Int,
        within time: Duration? = nil
    ) async throws(StoreError) -> [Assignment] {
        let listing = EngineListing(
            kind: RecordKey.Kind.assignment.rawValue, group: server?.text, last: last?.text ?? "",
            limit: limit)
        var assignments: [Assignment] = []
        for record in try await engine.list(listing, by: deadline(time)) {
            assignments.append(try RecordCoding.value(record.body))
        }
        return assignments
    }
}

extension FleetStore: EventBus {
    /// At most `limit` events behind `position`, oldest first.
    public func events(
        after position: LogPosition, limit: Int, within time: Duration? = nil
    ) async throws(StoreError) -> LogPage<FleetEvent> {
        try await events(after: position, limit: limit, by: deadline(time))
    }

    /// Where the newest event stands.
    public func newestEvent(within time: Duration? = nil) async throws(StoreError) -> LogPosition {
        let page = try await engine.page(
            of: .events, .before(nil), limit: 1, by: deadline(time))
        return page.items.first?.position ?? .origin
    }

    /// Waits until there is an event behind `position`, or for `patience`.
    ///
    /// The bell only wakes. Behind it is a look every few seconds, and at once after one that
    /// showed that something is held back.
    public func nextEvents(
        after position: LogPosition, limit: Int, patience: Duration
    ) async throws(StoreError) -> LogPage<FleetEvent> {
        let end = StoreDeadline(after: patience)
        while true {
            let rings = engine.news.rings
            let page = try await events(after: position, limit: limit, by: deadline(nil))
            if !page.items.isEmpty || page.isGap || end.isOver || Task.isCancelled { return page }
            let pause: Duration = page.isBehind ? .milliseconds(20) : .seconds(5)
            await engine.news.wait(after: rings, by: min(StoreDeadline(after: pause), end))
        }
    }

    /// Removes the oldest events until `limit` are left.
    public func trimEvents(
        keeping limit: Int, within time: Duration? = nil
    ) async throws(StoreError) {
        try await engine.trim(.events, keeping: max(limit, 0), by: deadline(time))
    }

    private func events(
        after position: LogPosition, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> LogPage<FleetEvent> {
        let page = try await engine.page(of: .events, .after(position), limit: limit, by: deadline)
        let isGap = position != .origin && !page.isPositionKnown
        return LogPage(
            items: try page.decoded(), isGap: isGap, isBehind: page.isBehind)
    }
}

extension FleetStore: AuditLog {
    /// At most `limit` entries that `filter` admits, newest first, of those before `position`.
    public func audit(
        before position: LogPosition?, limit: Int, filter: AuditFilter = AuditFilter(),
        within time: Duration? = nil
    ) async throws(StoreError) -> AuditPage {
        let deadline = deadline(time)
        let step = 500
        var found = AuditPage(items: [], rest: position)
        for _ in 0..<max(settings.mostAuditEntries / step, 1) {
            let page = try await engine.page(
                of: .audit, .before(found.rest), limit: step, by: deadline)
            let items: [LogPage<AuditEntry>.Item] = try page.decoded()
            for item in items {
                found.rest = item.position
                if filter.admits(item.entry) { found.items.append(item) }
                if found.items.count == limit { return found }
            }
            if items.count < step {
                found.rest = nil
                return found
            }
        }
        return found
    }

    /// Removes the oldest entries until `limit` are left.
    public func trimAudit(
        keeping limit: Int, within time: Duration? = nil
    ) async throws(StoreError) {
        try await engine.trim(.audit, keeping: max(limit, 0), by: deadline(time))
    }
}

extension EngineLogPage {
    fileprivate func decoded<Entry: Decodable>() throws(StoreError) -> [LogPage<Entry>.Item] {
        var decoded: [LogPage<Entry>.Item] = []
        for item in items {
            decoded.append(.init(position: item.position, entry: try RecordCoding.value(item.body)))
        }
        return decoded
    }
}
