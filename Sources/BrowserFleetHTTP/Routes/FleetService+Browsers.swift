// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// The query of `GET /browsers`.
    static var listQuery: [FieldRule] {
        [
            FieldRule(
                "status", .choice(BrowserResponse.Status.allCases.map(\.rawValue)),
                "Only browsers with this status; running if absent."),
            FieldRule(
                "metadata", .map(most: 8, longest: 512),
                "Only browsers with these words: metadata.name=value."),
            FieldRule("limit", .integer(1...1000), "Browsers a page; 100 if absent."),
            FieldRule("cursor", .text(longest: 16_384), "nextCursor of the page before."),
        ]
    }

    /// `GET /browsers`: newest first, at a gateway those of the whole fleet.
    func list(_ call: Call) async throws(Problem) -> Response {
        let limit = Int(call.query["limit"]?.wholeNumber ?? 100)
        if let page = try await fleetPage(call, limit: limit) { return try .json(page) }
        return try .json(ownPage(call, cursor: call.query["cursor"]?.string, limit: limit))
    }

    /// One page of this server's browsers.
    ///
    /// - Throws: when the cursor is of a browser that is no longer shown.
    func ownPage(
        _ call: Call, cursor: String?, limit: Int
    ) throws(Problem) -> BrowserListResponse {
        let wantsEnded = call.query["status"]?.string == BrowserResponse.Status.ended.rawValue
        let words = call.query["metadata"]?.stringMap ?? [:]
        var records = pool.records(ended: wantsEnded).reversed().filter { record in
            (record.end != nil) == wantsEnded && sees(call.caller, record)
                && words.allSatisfy { record.metadata[$0.key] == $0.value }
        }
        if let cursor {
            guard let place = records.firstIndex(where: { $0.id.text == cursor }) else {
                throw Problem(.invalidValue, "'cursor': the page is gone; begin again without it.")
            }
            records.removeFirst(place)
        }
        let page = records.prefix(limit).map { describe($0, authority: call.authority) }
        let next = records.count > limit ? records[limit].id.text : nil
        return BrowserListResponse(browsers: page, nextCursor: next)
    }

    /// `GET /browsers/:id`.
    func show(_ call: Call) async throws(Problem) -> Response {
        let record = try record(call.values["id"] ?? "", for: call.caller)
        guard record.end == nil else { throw ended(record) }
        return try .json(describe(record, authority: call.authority))
    }

    /// `DELETE /browsers/:id`: afterwards it is gone, whatever was before.
    func delete(_ call: Call) async throws(Problem) -> Response {
        if let gone = lostBrowser(call.values["id"] ?? "") { return try .json(gone) }
        let record = try record(call.values["id"] ?? "", for: call.caller)
        pool.end(record.id, .deleted)
        let reason = pool.record(record.id)?.end?.reason ?? .deleted
        return try .json(DeleteBrowserResponse(id: record.id.text, reason: reason.rawValue))
    }

    /// The end of a browser whose server is lost.
    private func lostBrowser(_ text: String) -> DeleteBrowserResponse? {
        guard let fleet, let id = try? BrowserID(decoding: text),
            fleet.driver.decide(browserID: id) == .refuse(.serverLost)
        else { return nil }
        RequestNotes.add { $0.browser = id }
        return DeleteBrowserResponse(id: id.text, reason: ProblemCode.serverLost.rawValue)
    }

    /// `POST /browsers/:id/tokens`.
    func makeToken(_ call: Call) async throws(Problem) -> Response {
        let wish: TokenRequest
        do throws(FieldFault) {
            wish = try TokenRequest(checking: call.body)
        } catch {
            throw Problem(error)
        }
        let lease = try lease(call.values["id"] ?? "", for: call.caller)
        let most = lease.record.expiresAt
        let now = Self.wallTime().millisecondsSince1970
        let expiresAt = Timestamp(
            millisecondsSince1970: wish.ttlMs.map { min(most, now + $0) } ?? most)
        let scope = wish.scope ?? .control
        let (url, token) = socketURL(
            of: lease.id, scope: scope, expiresAt: expiresAt, authority: call.authority)
        return try .json(
            TokenResponse(
                id: lease.id.text, wss: url, token: token, scope: scope, expiresAt: expiresAt),
            status: .created)
    }
}
