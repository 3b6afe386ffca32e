// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// The registry port: what is known of the servers of a fleet.
///
/// Changes are the commands of Core: `RegisterServer`, `ReportHeartbeat`, `LeaveFleet`,
/// `MarkServerLost`, `EnterServer`, `AmendServer`, `DrainServer`, `RemoveServer`.
public protocol ServerRegistry: CommandStore {
    /// One server; `nil` if the registry does not know it.
    func server(_ id: ServerID, within limit: Duration?) async throws(StoreError) -> ServerRecord?

    /// Which process has a name; `nil` if none ever had. What `NameClaim.Action.read` wants.
    func entry(
        of name: ServerName, within limit: Duration?
    ) async throws(StoreError) -> NameEntry?

    /// At most `limit` servers behind `last` in the order of their IDs.
    func servers(
        after last: ServerID?, limit: Int, within time: Duration?
    ) async throws(StoreError) -> [ServerRecord]
}

extension ServerRegistry {
    /// Every server of the registry, read in pages.
    public func allServers(
        within limit: Duration? = nil
    ) async throws(StoreError) -> [ServerRecord] {
        var all: [ServerRecord] = []
        while true {
            let page = try await servers(after: all.last?.id, limit: 500, within: limit)
            all += page
            if page.count < 500 { return all }
        }
    }
}
