// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// The assignments port: which server a sticky key is bound to.
///
/// Changes are the commands of Core: `AutoAssign`, `PutAssignment`, `RemoveAssignment`.
public protocol AssignmentStore: CommandStore {
    /// Where a key is; `nil` if it is nowhere.
    func assignment(
        of key: AssignmentKey, within limit: Duration?
    ) async throws(StoreError) -> Assignment?

    /// At most `limit` assignments behind `last` in the order of their keys, of one server or of
    /// all.
    func assignments(
        of server: ServerID?, after last: AssignmentKey?, limit: Int, within time: Duration?
    ) async throws(StoreError) -> [Assignment]
}
