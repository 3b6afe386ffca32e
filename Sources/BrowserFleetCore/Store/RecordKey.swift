// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Names one record of a store.
public enum RecordKey: Hashable, Sendable {
    /// What is known of one server.
    case server(ServerID)
    /// Which process has a name.
    case name(ServerName)
    /// Where a sticky key is.
    case assignment(AssignmentKey)

    /// The kinds of records, as stores spell them.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Records of servers.
        case server
        /// Records of names.
        case name
        /// Records of sticky keys.
        case assignment
    }

    /// Which kind of record it names.
    public var kind: Kind {
        switch self {
        case .server: .server
        case .name: .name
        case .assignment: .assignment
        }
    }

    /// The name inside of its kind: visible ASCII, so that all stores order it by its bytes.
    public var text: String {
        switch self {
        case .server(let id): id.text
        case .name(let name): name.text
        case .assignment(let key): key.text
        }
    }
}
