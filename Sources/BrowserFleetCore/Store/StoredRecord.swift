// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What stands under a ``RecordKey``.
public enum StoredRecord: Hashable, Sendable {
    /// One server.
    case server(ServerRecord)
    /// Who has a name.
    case name(NameEntry)
    /// Where a sticky key is.
    case assignment(Assignment)

    /// The key that it stands under.
    public var key: RecordKey {
        switch self {
        case .server(let record): .server(record.id)
        case .name(let entry): .name(entry.name)
        case .assignment(let assignment): .assignment(assignment.key)
        }
    }

    /// What records of the kind are listed by besides their key; empty for none. Assignments are
    /// listed by their server.
    public var group: String {
        switch self {
        case .server, .name: ""
        case .assignment(let assignment): assignment.server.text
        }
    }
}
