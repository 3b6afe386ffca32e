// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@Suite("the life of a browser over REST")
struct BrowserLifeTests {
    @Test("a browser is created, shown, listed and deleted")
    func life() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create(#"{"metadata":{"colour":"red"}}"#)
            #expect(made.id.hasPrefix("localhost_"))
            #expect(
                made.wss?.hasPrefix("ws://127.0.0.1:\(rig.port)/browsers/\(made.id)?token=") == true
            )
            #expect(made.wss?.contains(rig.user) == false)
            #expect(made.expiresAt > made.createdAt)

            let path = "/browsers/\(made.id)"
            let shown = try await rig.call("GET", path, key: rig.user)
            #expect(try shown.decoded(as: BrowserResponse.self).metadata == ["colour": "red"])
            let listed = try await rig.call("GET", "/browsers?metadata.colour=red", key: rig.user)
            #expect(
                try listed.decoded(as: BrowserListResponse.self).browsers.map(\.id) == [made.id])
            let others = try await rig.call("GET", "/browsers?metadata.colour=blue", key: rig.user)
            #expect(try others.decoded(as: BrowserListResponse.self).browsers.isEmpty)

            for _ in 0..<2 {
                let gone = try await rig.call("DELETE", path, key: rig.user)
                #expect(gone.status == 200)
                #expect(
                    try gone.decoded(as: DeleteBrowserResponse.self)
                        == DeleteBrowserResponse(id: made.id, reason: "deleted"))
            }
            let tomb = try await rig.call("GET", path, key: rig.user)
            #expect(try tomb.problem().code == .deleted)
            let ended = try await rig.call("GET", "/browsers?status=ended", key: rig.user)
            let records = try ended.decoded(as: BrowserListResponse.self).browsers
            #expect(records.map(\.endReason) == ["deleted"])
            #expect(records.first?.wss == nil)
        }
    }

    @Test("the answer says whether the browser was warm")
    func start() async throws {
        try await FleetRig.with(warm: 0) { rig in
            let made = try await rig.create()
            #expect(made.start == .cold)
        }
    }

    @Test("what the caller chose reaches the launch and the lease")
    func choices() async throws {
        try await FleetRig.with(warm: 0) { rig in
            _ = try await rig.create(
                """
                {"headful":true,"userAgent":"U/1","locale":"de-DE","timezone":"Asia/Tokyo",
                 "args":["--mute-audio"],"viewport":{"width":801,"height":602},
                 "proxy":"http://us%65r:p%40ss@proxy.example:8080/"}
                """)
            let browser = try #require(rig.launcher.live.first)
            #expect(
                browser.request.properties
                    == LaunchProperties(
                        headful: true, userAgent: "U/1", locale: "de-DE", timezone: "Asia/Tokyo",
                        arguments: ["--mute-audio"]))
            #expect(browser.prepared?.viewport == Viewport(width: 801, height: 602))
            #expect(
                browser.prepared?.proxy
                    == ProxySettings(
                        server: "http://proxy.example:8080", username: "user", password: "p@ss"))
        }
    }

    @Test("a list is paged, newest first, without gaps")
    func pages() async throws {
        try await FleetRig.with(slots: 5) { rig in
            var made: [String] = []
            for _ in 0..<5 { made.append(try await rig.create().id) }
            var (seen, cursor) = ([String](), "")
            repeat {
                let path = "/browsers?limit=2" + (cursor.isEmpty ? "" : "&cursor=\(cursor)")
                let page = try await rig.call("GET", path, key: rig.user)
                    .decoded(as: BrowserListResponse.self)
                seen += page.browsers.map(\.id)
                cursor = page.nextCursor ?? ""
            } while !cursor.isEmpty
            #expect(seen == made.reversed())
        }
    }

    @Test("a full server answers 503 with a place in the queue and a time to come back")
    func full() async throws {
        try await FleetRig.with(slots: 1) { rig in
            _ = try await rig.create()
            let answer = try await rig.call(
                "POST", "/browsers", key: rig.user, body: #"{"queueTimeoutMs":1}"#)
            let problem = try answer.problem()
            #expect(problem.code == .queueTimeout)
            #expect(problem.retryAfterMs != nil)
            #expect((answer["retry-after"].flatMap { Int($0) } ?? 0) >= 1)
        }
    }

    @Test("a caller that hangs up while it waits leaves nothing behind")
    func hangUp() async throws {
        try await FleetRig.with(slots: 1) { rig in
            let first = try await rig.create()
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(
                    "POST /browsers HTTP/1.1\r\nHost: localhost\r\nX-API-Key: \(rig.user)\r\n\r\n")
                try await rig.wait(while: { rig.pool.snapshot().counts.waiting == 0 })
            }
            try await rig.wait(while: { rig.pool.snapshot().counts.waiting > 0 })
            _ = try await rig.call("DELETE", "/browsers/\(first.id)", key: rig.user)
            #expect(rig.pool.snapshot().counts.leased == 0)
        }
    }

    @Test("a browser that cannot start is a create error that says how to mend it")
    func launchFails() async throws {
        let error = LaunchError(
            .invalidArgument, "'args': --no-such is not allowed.", remedy: "Leave it out.")
        try await FleetRig.with(warm: 0, launches: { _, _ in .fails(error) }) { rig in
            let answer = try await rig.call(
                "POST", "/browsers", key: rig.user, body: #"{"args":["--no-such"]}"#)
            let problem = try answer.problem()
            #expect(problem.code == .invalidArgument)
            #expect(problem.detail.contains("args") && problem.detail.contains("Leave it out."))
        }
    }

    @Test(
        "a page is rendered in the type that was asked for",
        arguments: [
            ("screenshot", "image/png"), ("screenshot?format=jpeg&quality=40", "image/jpeg"),
            ("screenshot?format=webp&fullPage=true", "image/webp"), ("pdf", "application/pdf"),
            ("content?url=https://example.com/a?b=c", "text/html; charset=utf-8"),
        ])
    func render(_ call: String, _ type: String) async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let answer = try await rig.call("GET", "/browsers/\(made.id)/\(call)", key: rig.user)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == type)
        }
    }

    @Test(
        "a bad query of a screenshot is named",
        arguments: [
            ("format=bmp", "format"), ("format=jpeg&quality=101", "quality"),
            ("quality=50", "quality"), ("fullPage=perhaps", "fullPage"),
            ("url=file:///etc/passwd", "url"), ("url=nothing", "url"),
            ("url=https://a&targetId=b", "targetId"), ("colour=red", "colour"),
        ])
    func badScreenshot(_ query: String, _ name: String) async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let answer = try await rig.call(
                "GET", "/browsers/\(made.id)/screenshot?\(query)", key: rig.user)
            #expect(answer.status == 400)
            #expect(try answer.problem().detail.contains(name))
        }
    }

    @Test(
        "discovery names our own sockets, with and without a slash at the end",
        arguments: ["", "/"])
    func discovery(_ end: String) async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let answer = try await rig.call(
                "GET", "/browsers/\(made.id)/json/version\(end)", key: rig.user)
            #expect(
                answer.body.contains(
                    "\"webSocketDebuggerUrl\":\"ws://127.0.0.1:\(rig.port)/devtools/browser/\(made.id)?token="
                ), "\(answer.body)")
            for path in ["json/list", "json", "json/protocol"] {
                let other = try await rig.call(
                    "GET", "/browsers/\(made.id)/\(path)", key: rig.user)
                #expect(other.status == 200, "\(other.body)")
            }
        }
    }

    @Test("a public URL is what clients are told")
    func publicURL() async throws {
        try await FleetRig.with(configure: { $0.publicURL = "https://node1.example.com/fleet/" }) {
            rig in
            let made = try await rig.create()
            #expect(
                made.wss?.hasPrefix("wss://node1.example.com/fleet/browsers/\(made.id)?token=")
                    == true)
        }
    }
}
