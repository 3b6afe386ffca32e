// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// The audit port: who did what.
///
/// Entries that belong to a change are written with it. `AppendEntries` adds others.
public protocol AuditLog: CommandStore {
    /// At most `limit` entries that `filter` admits, newest first, of those before `position`.
    ///
    /// Looks through a bounded number of entries. ``AuditPage/rest`` says where to go on.
    func audit(
        before position: LogPosition?, limit: Int, filter: AuditFilter, within time: Duration?
    ) async throws(StoreError) -> AuditPage

    /// Removes the oldest entries until `limit` are left.
    func trimAudit(keeping limit: Int, within time: Duration?) async throws(StoreError)
}

/// Some audit entries, newest first.
public struct AuditPage: Sendable, Equatable {
    /// The entries.
    public var items: [LogPage<AuditEntry>.Item]
    /// Before which position there may be more; `nil` if there is nothing older.
    public var rest: LogPosition?

    /// Creates a page.
    public init(items: [LogPage<AuditEntry>.Item], rest: LogPosition?) {
        self.items = items
        self.rest = rest
    }
}

extension AuditLog {
    /// Appends entries that belong to no change of a record.
    public func record(
        _ entries: [AuditEntry], within limit: Duration? = nil
    ) async throws(StoreError) {
        try await run(AppendEntries(audit: entries), within: limit)
    }
}
