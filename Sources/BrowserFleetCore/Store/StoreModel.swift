// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The registry, the assignments and the logs of a fleet as one value: the reference that every
/// store is held against.
public struct StoreModel: Hashable, Sendable {
    /// What stands where.
    public private(set) var records: [RecordKey: StoredRecord] = [:]
    /// What happened.
    public private(set) var events = LogBook<FleetEvent>()
    /// Who did what.
    public private(set) var audit = LogBook<AuditEntry>()

    /// Creates a model with nothing in it.
    public init() {}

    /// Decides on a command and does what it wants.
    public mutating func run<Answer>(
        _ command: some StoreCommand<Answer>
    ) throws(StoreRefusal) -> Answer {
        var wanted = command.keys
        while true {
            var loaded: [RecordKey: StoredRecord?] = [:]
            for key in wanted { loaded.updateValue(records[key], forKey: key) }
            var view = RecordView(loaded)
            let outcome: Result<Answer, StoreRefusal>
            do {
                outcome = .success(try command.decide(on: &view))
            } catch {
                outcome = .failure(error)
            }
            if view.missing.isEmpty {
                let answer = try outcome.get()
                apply(view)
                return answer
            }
            wanted += view.missing
        }
    }

    /// The servers behind `last` in the order of their IDs.
    public func servers(after last: ServerID?, limit: Int) -> [ServerRecord] {
        let all = records.values.compactMap { record in
            if case .server(let server) = record { server } else { nil }
        }
        return all.filter { server in last.map { $0.text < server.id.text } ?? true }
            .sorted { $0.id.text < $1.id.text }.prefix(limit).map(\.self)
    }

    /// The assignments behind `last` in the order of their keys, of one server or of all.
    public func assignments(
        of server: ServerID?, after last: AssignmentKey?, limit: Int
    ) -> [Assignment] {
        let all = records.values.compactMap { record in
            if case .assignment(let assignment) = record { assignment } else { nil }
        }
        return all.filter { server == nil || $0.server == server }
            .filter { assignment in last.map { $0.text < assignment.key.text } ?? true }
            .sorted { $0.key.text < $1.key.text }.prefix(limit).map(\.self)
    }

    /// Keeps only so many of the newest events and audit entries.
    public mutating func trim(events mostEvents: Int, audit mostEntries: Int) {
        events.trim(keeping: mostEvents)
        audit.trim(keeping: mostEntries)
    }

    private mutating func apply(_ view: RecordView) {
        for write in view.writes { records[write.key] = write.record }
        for event in view.events { events.append(event) }
        for entry in view.audit { audit.append(entry) }
    }
}
