// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// Who did what, from the store.
    static var auditEndpoints: [Endpoint<Launcher>] {
        [
            Endpoint(
                .get, "/audit", "Who did what, newest first.", access: .anyKey,
                query: auditQuery, answers: [.json(200, "AuditList", "One page.")],
                problems: [.storeUnavailable], handler: FleetService.audit)
        ]
    }

    private static var auditQuery: [FieldRule] {
        [
            FieldRule(
                "author", .text(longest: 256),
                "Only what this key or server did; without admin your own key only."),
            FieldRule(
                "action", .text(longest: 128),
                "Only this, such as browser.create; browser. is all that begins so."),
            FieldRule("subject", .text(longest: 512), "Only what was done to this."),
            FieldRule(
                "since", .text(longest: 40), "Not before this time, such as 2026-11-21T03:07:00Z."),
            FieldRule("limit", .integer(1...1000), "Entries a page; 100 if absent."),
            FieldRule("cursor", .text(longest: 64), "nextCursor of the page before."),
        ]
    }

    /// `GET /audit`.
    private func audit(_ call: Call) async throws(Problem) -> Response {
        let records = try fleetRecords()
        let filter = AuditFilter(
            author: try auditor(call), action: call.query["action"]?.string,
            subject: call.query["subject"]?.string, since: try Self.since(call))
        var position: LogPosition?
        if let cursor = call.query["cursor"]?.string {
            guard let place = LogPosition(cursor) else {
                throw Problem(.invalidValue, "'cursor': expected nextCursor of the page before.")
            }
            position = place
        }
        let page: AuditPage
        do throws(StoreError) {
            page = try await records.store.audit(
                before: position, limit: Int(call.query["limit"]?.wholeNumber ?? 100),
                filter: filter, within: nil)
        } catch {
            throw Problem(error)
        }
        return try .json(
            AuditResponse(
                entries: page.items.map(AuditResponse.Entry.init),
                nextCursor: page.rest?.description))
    }

    /// Whose entries the caller is shown; `nil` is everybody's.
    private func auditor(_ call: Call) throws(Problem) -> String? {
        let wanted = call.query["author"]?.string
        if call.caller.seesAll { return wanted }
        guard wanted == nil || wanted == call.caller.owner else {
            throw Problem(.forbidden, "Without the scope 'admin' a key sees what it did itself.")
        }
        return call.caller.owner
    }

    private static func since(_ call: Call) throws(Problem) -> Int64? {
        guard let text = call.query["since"]?.string else { return nil }
        guard let time = Timestamp(text) else {
            throw Problem(
                .invalidValue, "'since': expected a time in UTC such as 2026-11-21T03:07:00Z.")
        }
        return time.millisecondsSince1970
    }

    /// What this server has of its fleet's store.
    func fleetRecords() throws(Problem) -> FleetRecords {
        guard let records else { throw Problem(.unknownPath, "This server has no store.") }
        return records
    }
}

extension AuditResponse.Entry {
    fileprivate init(_ item: LogPage<AuditEntry>.Item) {
        self.init(
            id: item.position.description,
            time: Timestamp(millisecondsSince1970: item.entry.unixMilliseconds),
            author: item.entry.author, action: item.entry.action, subject: item.entry.subject,
            details: item.entry.details)
    }
}
