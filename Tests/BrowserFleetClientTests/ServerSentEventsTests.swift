// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Testing

@testable import BrowserFleetClient

@Suite("Server-sent events in bytes")
struct ServerSentEventsTests {
    private static let text =
        "retry: 1000\n\nid: 1-0\nevent: server.lost\ndata: {\"a\":1}\n\n"
        + "id: 2-0\n: heartbeat\n\ndata: x\ndata: y\r\n\r\n"

    @Test("are the same however the bytes are cut", arguments: [1, 2, 7, 1000])
    func cuts(size: Int) throws {
        var reader = ServerSentEvents()
        var events: [ServerSentEvent] = []
        var rest = Array(Self.text.utf8)[...]
        while !rest.isEmpty {
            let whole = reader.take(rest.prefix(size))
            events += try #require(whole)
            rest = rest.dropFirst(size)
        }
        #expect(
            events == [
                ServerSentEvent(name: "server.lost", data: #"{"a":1}"#, id: "1-0"),
                ServerSentEvent(name: "message", data: "x\ny", id: "2-0"),
            ])
        #expect(reader.lastID == "2-0")
    }

    @Test("that never end are not kept")
    func endless() {
        var reader = ServerSentEvents()
        #expect(reader.take(repeatElement(UInt8(ascii: "x"), count: 2 << 20)) == nil)
    }

    @Test("are events, gaps and ends of the API")
    func items() {
        let data =
            #"{"id":"1-0","type":"server.lost","subject":"s","time":"2026-11-21T03:07:00Z","details":{}}"#
        let event = EventItem(ServerSentEvent(name: "server.lost", data: data))
        guard case .event(let message)? = event else {
            Issue.record("no event")
            return
        }
        #expect(message.subject == "s" && message.type == "server.lost")
        let end = #"{"code":"reader-too-slow","detail":"d"}"#
        #expect(
            EventItem(ServerSentEvent(name: "end", data: end))
                == .end(StreamNotice(code: "reader-too-slow", detail: "d")))
        #expect(EventItem(ServerSentEvent(name: "end", data: "?")) == nil)
    }
}
