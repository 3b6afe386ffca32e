// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore
import Logging

extension FleetService {
    /// What happens in the fleet, as it happens.
    static var eventEndpoints: [Endpoint<Launcher>] {
        let stream = AnswerForm.other(
            200, [EventText.contentType], ["type": "string"],
            "Server-sent events; data is {id, type, subject, time, details}.")
        return [
            Endpoint(
                .get, "/events", "The fleet's events as they come, resumable by Last-Event-ID.",
                access: .anyKey, query: eventQuery, answers: [stream],
                problems: [.storeUnavailable], handler: FleetService.events)
        ]
    }

    private static var eventQuery: [FieldRule] {
        [
            FieldRule(
                "since", .text(longest: 64),
                "Begin behind this event ID, or at this time; with what comes if absent."),
            FieldRule(
                "types", .list(.text(longest: 512), most: 32),
                "Only these, such as server.lost,assignment.; a dot at the end is all that "
                    + "begin so. Commas or several."),
            FieldRule(
                "follow", .boolean,
                "false ends at the newest event, and begins with the oldest that is kept; true if "
                    + "absent."),
        ]
    }

    /// `GET /events`.
    private func events(_ call: Call) async throws(Problem) -> Response {
        let records = try fleetRecords()
        let follows = call.query["follow"]?.boolean ?? true
        let start = try EventStart(call)
        var filter = EventFilter(owner: call.caller.seesAll ? nil : call.caller.owner)
        filter.kinds = try Self.types(call)
        filter.since = start.time
        let position = try await begin(start, follows, records)
        let stream = EventStream(
            reader: EventReader(records.feed, after: position, filter: filter), follows: follows,
            heartbeat: configuration.eventHeartbeat, patience: configuration.writeTimeout,
            clock: pool.clock,
            isAllowed: { [authenticator] in
                let caller = try? await authenticator.caller(call.request.headers)
                return caller.map { $0.seesAll || !call.caller.seesAll } ?? false
            },
            onSlow: { [metrics, logger] in
                metrics.refused(.readerTooSlow)
                logger.notice(
                    "a reader of events was too slow", metadata: ["key": "\(call.caller.name)"])
            })
        return Response(
            status: .ok,
            headers: [
                .contentType: EventText.contentType, .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody { try await stream.write(to: &$0) })
    }

    private func begin(
        _ start: EventStart, _ follows: Bool, _ records: FleetRecords
    ) async throws(Problem) -> LogPosition {
        if let position = start.position { return position }
        if start.time != nil || !follows { return .origin }
        if let window = records.feed.window { return window.newest }
        do throws(StoreError) {
            return try await records.store.newestEvent(within: nil)
        } catch {
            throw Problem(error)
        }
    }

    private static func types(_ call: Call) throws(Problem) -> [String] {
        guard case .array(let lists)? = call.query["types"] else { return [] }
        let types = lists.compactMap(\.string).flatMap { $0.split(separator: ",") }
        guard types.count <= 64 else { throw Problem(.outOfRange, "'types': at most 64.") }
        return types.map(String.init)
    }
}

/// Where a reader wants to begin.
private struct EventStart {
    var position: LogPosition?
    var time: Int64?

    /// Reads the header, which a browser sends when it connects again, and else the query.
    init(_ call: Call) throws(Problem) {
        if let name = HTTPField.Name("Last-Event-ID"), let text = call.request.headers[name] {
            guard let place = LogPosition(text) else {
                throw Problem(.invalidValue, "'Last-Event-ID': expected the id of an event.")
            }
            position = place
        } else if let text = call.query["since"]?.string {
            position = LogPosition(text)
            time = position == nil ? Timestamp(text)?.millisecondsSince1970 : nil
            guard position != nil || time != nil else {
                throw Problem(
                    .invalidValue,
                    "'since': expected the id of an event, or a time in UTC such as "
                        + "2026-11-21T03:07:00Z.")
            }
        }
    }
}
