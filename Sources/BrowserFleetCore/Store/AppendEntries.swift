// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Appends events and audit entries that belong to no change of a record.
public struct AppendEntries: StoreCommand, Hashable {
    /// The events, in their order.
    public var events: [FleetEvent]
    /// The audit entries, in their order.
    public var audit: [AuditEntry]

    /// The most entries of one call: a longer row comes in several.
    public static let mostEntries = 1000

    /// Creates the command.
    public init(events: [FleetEvent] = [], audit: [AuditEntry] = []) {
        self.events = events
        self.audit = audit
    }

    /// None.
    public var keys: [RecordKey] { [] }

    /// Refuses what is too long, whole: half a row would be worse.
    public func decide(on view: inout RecordView) throws(StoreRefusal) {
        guard count <= Self.mostEntries else {
            throw .invalid(field: "entries", advice: "at most \(Self.mostEntries) a call")
        }
        guard longestBytes <= FleetEvent.mostBytes else {
            throw .invalid(
                field: "details", advice: "at most \(FleetEvent.mostBytes) bytes an entry")
        }
        for event in events { view.append(event) }
        for entry in audit { view.append(entry) }
    }
}
