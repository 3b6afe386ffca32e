// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import NIOCore

/// Server-sent events as text (HTML Standard, section 9.2).
enum EventText {
    /// The content type of a stream.
    static let contentType = "text/event-stream"

    /// The first lines: when to come again after an end, in milliseconds.
    static let beginning = "retry: 1000\n\n"

    /// One event.
    static func event(_ item: EventCursor.Item) -> String {
        let (id, event) = (item.position.description, item.entry)
        let message = EventMessage(
            id: id, type: event.kind.word, subject: event.subject,
            time: Timestamp(millisecondsSince1970: event.unixMilliseconds), details: event.details)
        return "id: \(id)\nevent: \(name(event.kind))\ndata: \(json(message))\n\n"
    }

    /// A comment that keeps the connection, with the place to go on from: what a reader is not
    /// shown it need not read again.
    static func heartbeat(at position: LogPosition) -> String {
        "id: \(position)\n: heartbeat\n\n"
    }

    /// Events may be missing before the next one.
    static let gap = notice(
        "gap",
        StreamNotice(
            code: "gap",
            detail: "Events in between are not kept any more; look at the whole anew."))

    /// The last words of a stream.
    static func end(_ code: ProblemCode, _ detail: String) -> String {
        notice("end", StreamNotice(code: code.rawValue, detail: detail))
    }

    private static func notice(_ name: String, _ notice: StreamNotice) -> String {
        "event: \(name)\ndata: \(json(notice))\n\n"
    }

    // A word of a newer server may be anything; a line must stay one.
    private static func name(_ kind: FleetEvent.Kind) -> String {
        let isPlain = kind.word.utf8.allSatisfy { byte in (0x21...0x7e).contains(byte) }
        return isPlain ? kind.word : "other"
    }

    private static func json(_ value: some Encodable) -> String {
        JSONBody.encode(value).map { String(buffer: $0) } ?? "{}"
    }
}
