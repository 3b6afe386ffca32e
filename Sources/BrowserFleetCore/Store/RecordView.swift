// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a ``StoreCommand`` sees of a store, and what it wants changed there.
///
/// A command is decided on the records that were read so far. When it asks for another one the
/// view notes that in ``missing`` and answers as if there were none; the caller then reads those
/// and decides again from the start, so a command sees one state and needs no waiting inside.
public struct RecordView: Hashable, Sendable {
    /// The records that were read; `nil` inside for those that are not there.
    public let loaded: [RecordKey: StoredRecord?]

    /// Records that were asked for but not read yet, in the order they were asked for. If there
    /// is one, everything else in this view is void.
    public private(set) var missing: [RecordKey] = []

    /// What to write, one entry a record in the order of the first change; `nil` removes it.
    public private(set) var writes: [Write] = []

    /// The events to append with it.
    public private(set) var events: [FleetEvent] = []

    /// The audit entries to append with it.
    public private(set) var audit: [AuditEntry] = []

    /// One record to write or to remove.
    public struct Write: Hashable, Sendable {
        /// Which one.
        public let key: RecordKey
        /// What is to stand there; `nil` for nothing.
        public var record: StoredRecord?
    }

    /// Creates a view of what was read.
    public init(_ loaded: [RecordKey: StoredRecord?]) {
        self.loaded = loaded
    }

    mutating func server(_ id: ServerID) -> ServerRecord? {
        guard case .server(let record) = record(.server(id)) else { return nil }
        return record
    }

    mutating func entry(_ name: ServerName) -> NameEntry? {
        guard case .name(let entry) = record(.name(name)) else { return nil }
        return entry
    }

    mutating func assignment(_ key: AssignmentKey) -> Assignment? {
        guard case .assignment(let assignment) = record(.assignment(key)) else { return nil }
        return assignment
    }

    mutating func write(_ record: StoredRecord) {
        put(Write(key: record.key, record: record))
    }

    mutating func remove(_ key: RecordKey) {
        put(Write(key: key, record: nil))
    }

    mutating func append(_ event: FleetEvent) { events.append(event) }

    mutating func append(_ entry: AuditEntry) { audit.append(entry) }

    private mutating func record(_ key: RecordKey) -> StoredRecord? {
        if let write = writes.first(where: { $0.key == key }) { return write.record }
        if let read = loaded[key] { return read }
        if !missing.contains(key) { missing.append(key) }
        return nil
    }

    private mutating func put(_ write: Write) {
        if let index = writes.firstIndex(where: { $0.key == write.key }) {
            writes[index] = write
        } else {
            writes.append(write)
        }
    }
}
