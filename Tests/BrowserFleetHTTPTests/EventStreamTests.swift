// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore
import Testing

@testable import BrowserFleetHTTP

@Suite("GET /events", .serialized)
struct EventStreamTests {
    private static func event(_ number: Int, owner: String = "nobody") -> FleetEvent {
        FleetEvent(
            .browserEnded, subject: "b\(number)", unixMilliseconds: Int64(number),
            details: ["owner": owner, "reason": "idle"])
    }

    private static func server(_ number: Int) -> FleetEvent {
        FleetEvent(.serverLost, subject: "s\(number)", unixMilliseconds: Int64(number))
    }

    /// A server with a store in memory that runs.
    private static func with(
        keeping: Int? = nil, configure: @escaping (inout HTTPConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (FleetRig, FleetRecords) async throws -> Void
    ) async throws {
        let records = FleetRecords(FleetStore(MemoryEngine()), serverID: "test-server")
        try await records.serve {
            try await FleetRig.with(records: records, configure: configure) { rig in
                while records.feed.window == nil {
                    await records.feed.news.wait(after: 0, by: StoreDeadline(after: .seconds(20)))
                }
                try await body(rig, records)
            }
        }
    }

    private static func request(
        _ rig: FleetRig, _ target: String = "/events", key: String, _ headers: String...
    ) -> String {
        (["GET \(target) HTTP/1.1", "Host: 127.0.0.1:\(rig.port)", "X-API-Key: \(key)"] + headers)
            .joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Reads until `text` has come, and returns everything up to there.
    private static func read(
        _ connection: RawConnection, until text: String
    ) async throws -> String {
        while true {
            let received = String(buffer: connection.pending)
            if received.contains(text) { return received }
            guard try await connection.more() else { throw RawAnswer.Missing(received: received) }
        }
    }

    @Test("brings what comes, with its place, its word and its data")
    func follows() async throws {
        try await Self.with { rig, records in
            try await records.store.publish([Self.server(1)])
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(Self.request(rig, key: rig.admin))
                let head = try await Self.read(connection, until: "retry: 1000")
                #expect(head.hasPrefix("HTTP/1.1 200"))
                #expect(head.lowercased().contains("content-type: text/event-stream"))
                try await records.store.publish([Self.server(2)])
                let text = try await Self.read(connection, until: "\"subject\":\"s2\"")
                #expect(text.contains("id: 2-0\nevent: server.lost\ndata: {\"details\":{}"))
                #expect(
                    text.contains("\"time\":\"1970-01-01T00:00:00.002Z\",\"type\":\"server.lost\""))
                #expect(!text.contains("\"s1\""))
            }
        }
    }

    @Test("goes on behind the last event, by the header and by the query, and skips nothing")
    func resumes() async throws {
        try await Self.with { rig, records in
            try await records.store.publish((1...600).map(Self.server))
            for (target, header) in [
                ("/events?follow=false", "Last-Event-ID: 300-0"),
                ("/events?follow=false&since=300-0", "Accept: text/event-stream"),
            ] {
                let text = try await Self.whole(rig, target, key: rig.admin, header)
                let ids = text.matches(of: /id: (\d+)-0\nevent/).compactMap { Int($0.output.1) }
                #expect(ids == Array(301...600))
            }
            let since = "1970-01-01T00:00:00.599Z"
            let text = try await Self.whole(
                rig, "/events?follow=false&since=\(since)", key: rig.admin)
            #expect(text.matches(of: /event: server.lost/).count == 2)
        }
    }

    @Test("of a key is its own and the servers', and words choose among them")
    func filters() async throws {
        try await Self.with { rig, records in
            let owner = try #require(rig.ring.key(for: rig.user)?.id)
            try await records.store.publish([
                Self.event(1, owner: owner), Self.event(2), Self.server(3),
            ])
            let own = try await Self.whole(rig, "/events?follow=false", key: rig.user)
            #expect(own.contains("\"b1\"") && !own.contains("\"b2\"") && own.contains("\"s3\""))
            let all = try await Self.whole(
                rig, "/events?follow=false&types=browser.", key: rig.admin)
            #expect(all.contains("\"b1\"") && all.contains("\"b2\"") && !all.contains("\"s3\""))
            let none = try await Self.whole(
                rig, "/events?follow=false&types=x.,assignment.moved", key: rig.admin)
            #expect(!none.contains("event:"))
        }
    }

    @Test("tells of browsers that were given and that ended, and why")
    func browsers() async throws {
        try await Self.with { rig, records in
            let made = try await rig.create()
            _ = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(Self.request(rig, "/events?since=0", key: rig.user))
                let text = try await Self.read(connection, until: "browser.ended\ndata")
                let rest = try await Self.read(connection, until: "\"reason\":\"deleted\"")
                #expect(text.contains("event: browser.created") && rest.contains(made.id))
            }
        }
    }

    @Test("says a gap where events are not kept any more")
    func gap() async throws {
        try await Self.with { rig, records in
            try await records.store.publish((1...9).map(Self.server))
            try await records.store.trimEvents(keeping: 1, within: nil)
            let text = try await Self.whole(
                rig, "/events?follow=false", key: rig.admin, "Last-Event-ID: 12345-6")
            #expect(text.contains("event: gap\ndata: {\"code\":\"gap\""))
        }
    }

    @Test("sends a comment with its place while nothing happens, and ends with a key that goes")
    func heartbeats() async throws {
        try await Self.with(configure: { $0.eventHeartbeat = .milliseconds(20) }) { rig, records in
            try await records.store.publish([Self.event(1)])
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(
                    Self.request(rig, "/events?since=0", key: rig.user, "Connection: close"))
                _ = try await Self.read(connection, until: "id: 1-0\n: heartbeat")
                let id = try #require(rig.ring.key(for: rig.user)?.id)
                _ = try rig.ring.revoke(id)
                let rest = try await connection.readToEnd()
                #expect(rest.contains("event: end\ndata: {\"code\":\"invalid-key\""))
            }
        }
    }

    @Test("of a reader that takes nothing ends, and others do not notice")
    func slow() async throws {
        try await Self.with(configure: { $0.writeTimeout = .seconds(5) }) { rig, records in
            let long = FleetEvent(
                .serverLost, subject: "long", unixMilliseconds: 1,
                details: ["text": String(repeating: "x", count: 8000)])
            try await Deaf.with(
                port: rig.port, Self.request(rig, "/events?since=0", key: rig.admin)
            ) { deaf in
                try await RawConnection.with(port: rig.port) { connection in
                    try await connection.send(Self.request(rig, key: rig.admin))
                    _ = try await Self.read(connection, until: "retry: 1000")
                    for _ in 0..<10 {
                        try await records.store.publish(Array(repeating: long, count: 100))
                    }
                    try await records.store.publish([Self.server(7)])
                    try await Self.skip(connection, to: "\"subject\":\"s7\"")
                }
                // The server closes it; nothing else would end this wait.
                try await deaf.closeFuture.get()
            }
        }
    }

    /// Reads until `text` has come, and keeps nothing of what was before.
    private static func skip(_ connection: RawConnection, to text: String) async throws {
        var end = ""
        while true {
            end = String(end.suffix(200)) + String(buffer: connection.pending)
            connection.pending.clear()
            if end.contains(text) { return }
            guard try await connection.more() else { throw RawAnswer.Missing(received: end) }
        }
    }

    @Test("is refused without a key, for a bad place, and without a store")
    func refusals() async throws {
        try await Self.with { rig, _ in
            #expect(try await rig.call("GET", "/events").problem().code == .unauthenticated)
            for target in ["/events?since=yesterday", "/events?types=", "/events?colour=red"] {
                let answer = try await rig.call("GET", target, key: rig.user)
                #expect(answer.status == 400, "\(target)")
            }
            let bad = try await rig.call(
                "GET", "/events", key: rig.user, headers: ["Last-Event-ID: x"])
            #expect(try bad.problem().detail.contains("Last-Event-ID"))
            let head = try await rig.call("HEAD", "/events", key: rig.user)
            #expect(head.status == 200)
        }
        try await FleetRig.with { rig in
            let answer = try await rig.call("GET", "/events", key: rig.user)
            #expect(try answer.problem().code == .unknownPath)
        }
    }

    private static func whole(
        _ rig: FleetRig, _ target: String, key: String, _ header: String = "Accept: */*"
    ) async throws -> String {
        try await RawConnection.with(port: rig.port) { connection in
            try await connection.send(request(rig, target, key: key, header, "Connection: close"))
            return try await connection.readToEnd()
        }
    }
}
