// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@Suite("CDP over WebSockets")
struct SocketTests {
    private static func path(_ browser: BrowserResponse) -> String {
        let url = browser.wss ?? ""
        let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let rest = parts.last ?? ""
        return String(rest[(rest.firstIndex(of: "/") ?? rest.startIndex)...])
    }

    @Test("a client speaks to its browser on every spelling of the path")
    func echo() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let query = Self.path(made).drop { $0 != "?" }
            let paths = [
                "/browsers/\(made.id)", "/browsers/\(made.id)/", "/devtools/browser/\(made.id)",
                "/browsers/\(made.id)/devtools/browser/anything",
                "/browsers/\(made.id)/devtools/page/ABCDEF",
            ]
            for path in paths {
                try await SocketClient.with(port: rig.port, path: path + query) { client in
                    try await client.send(#"{"id":1,"method":"Fake.echo","params":{"a":"ü"}}"#)
                    let answer = try await client.nextMessage()
                    #expect(answer == .text(#"{"id":1,"result":{"a":"ü"}}"#), "\(path)")
                }
            }
        }
    }

    @Test("a key in a header opens the socket too, and connections are counted")
    func keyHeader() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            try await SocketClient.with(
                port: rig.port, path: "/browsers/\(made.id)",
                headers: ["Authorization: Bearer \(rig.user)"]
            ) { _ in
                #expect(rig.pool.snapshot().counts.connections == 1)
            }
            try await rig.wait(while: { rig.pool.snapshot().counts.connections > 0 })
        }
    }

    @Test("several clients are answered each on their own")
    func several() async throws {
        try await FleetRig.with { rig in
            let path = Self.path(try await rig.create())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await SocketClient.with(port: rig.port, path: path) { client in
                            for round in 0..<50 {
                                let value = "\(number)-\(round)"
                                try await client.send(
                                    #"{"id":\#(round),"method":"Fake.echo","params":{"v":"\#(value)"}}"#
                                )
                                #expect(
                                    try await client.nextMessage()
                                        == .text(#"{"id":\#(round),"result":{"v":"\#(value)"}}"#))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a large message arrives whole in both directions, in fragments too")
    func large() async throws {
        try await FleetRig.with { rig in
            let path = Self.path(try await rig.create())
            let filler = String(repeating: "x", count: 3_000_000)
            let call = #"{"id":1,"method":"Fake.echo","params":{"v":"\#(filler)"}}"#
            try await SocketClient.with(port: rig.port, path: path) { client in
                try await client.send(call)
                #expect(
                    try await client.nextMessage()
                        == .text(#"{"id":1,"result":{"v":"\#(filler)"}}"#))
                let bytes = Array(call.utf8)
                try await client.send(1, Array(bytes[..<1_000_000]), isFinal: false)
                try await client.send(9, Array("between".utf8))
                try await client.send(0, Array(bytes[1_000_000..<1_000_001]), isFinal: false)
                try await client.send(0, Array(bytes[1_000_001...]))
                #expect(try await client.next() == .pong("between"))
                #expect(
                    try await client.nextMessage()
                        == .text(#"{"id":1,"result":{"v":"\#(filler)"}}"#))
            }
        }
    }

    private static let refusals: [(String, [String], ProblemCode)] = [
        ("/browsers/ID", [], .unauthenticated),
        ("/browsers/ID?token=", [], .invalidToken),
        ("/browsers/ID?token=x", [], .invalidToken),
        ("/browsers/ID?TOKEN", ["Origin: http://evil.example"], .originNotAllowed),
        ("/browsers/ID", ["X-API-Key: wrong"], .invalidKey),
        ("/browsers/not%20one?TOKEN", [], .malformedID),
        ("/browsers/other-example_1?TOKEN", [], .wrongServer),
        ("/browsers/localhost_1?TOKEN", [], .invalidToken),
        ("/devtools/page/ABCDEF", [], .noSuchPage),
        ("/devtools/page/0123456789ABCDEF0123456789ABCDEF", [], .unauthenticated),
        ("/nowhere?TOKEN", [], .unknownPath),
        ("/connect", [], .unauthenticated),
        ("/connect?token=wrong", [], .invalidKey),
        ("/connect?token=KEY&colour=red", [], .unknownField),
        ("/connect?token=KEY&headful=maybe", [], .wrongType),
        ("/connect?token=KEY&viewport.width=1", [], .missingField),
    ]

    @Test("what fails before the upgrade is an HTTP answer with a problem")
    func refused() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let token = String(Self.path(made).drop { $0 != "?" }.dropFirst())
            for (path, headers, code) in Self.refusals {
                let path = path.replacing("ID", with: made.id).replacing("TOKEN", with: token)
                    .replacing("KEY", with: rig.user)
                let answer = try await RawConnection.with(port: rig.port) { connection in
                    try await SocketClient.handshake(
                        connection, port: rig.port, path: path, headers: headers)
                }
                #expect(try answer.problem().code == code, "\(path): \(answer.body)")
                #expect(answer["connection"] == "close")
            }
            #expect(rig.pool.snapshot().counts.connections == 0)
        }
    }

    @Test("a view token does not drive, an ended browser says why")
    func viewAndEnded() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let view = try await rig.call(
                "POST", "/browsers/\(made.id)/tokens", key: rig.user, body: #"{"scope":"view"}"#
            ).decoded(as: TokenResponse.self)
            func refusal(_ path: String) async throws -> ProblemCode {
                try await RawConnection.with(port: rig.port) { connection in
                    try await SocketClient.handshake(connection, port: rig.port, path: path)
                        .problem().code
                }
            }
            #expect(try await refusal("/browsers/\(made.id)?token=\(view.token)") == .forbidden)
            _ = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            #expect(try await refusal(Self.path(made)) == .deleted)
        }
    }

    private static let handshakes: [(String, ProblemCode)] = [
        (
            "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            .upgradeRequired
        ),
        ("Sec-WebSocket-Version: 13", .malformedRequest),
        ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short", .malformedRequest),
        (
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                + "\r\nContent-Length: 5", .malformedRequest
        ),
    ]

    @Test("a handshake that breaks RFC 6455 is refused", arguments: handshakes)
    func handshake(_ headers: String, _ code: ProblemCode) async throws {
        try await FleetRig.with { rig in
            let path = Self.path(try await rig.create())
            let answer = try await rig.raw(
                "GET \(path) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\n\(headers)\r\n\r\n")
            #expect(try answer.problem().code == code)
        }
    }

    @Test("the accept value is that of RFC 6455's example")
    func acceptValue() async throws {
        try await FleetRig.with { rig in
            let path = Self.path(try await rig.create())
            let answer = try await RawConnection.with(port: rig.port) { connection in
                try await SocketClient.handshake(
                    connection, port: rig.port, path: path,
                    headers: ["Sec-WebSocket-Extensions: permessage-deflate"])
            }
            #expect(answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(answer["sec-websocket-extensions"] == nil)
        }
    }

    @Test("an upgrade may follow an answer on the same connection, and frames may follow at once")
    func keepAlive() async throws {
        try await FleetRig.with { rig in
            let path = Self.path(try await rig.create())
            try await RawConnection.with(port: rig.port) { connection in
                let call = SocketClient.frame(1, Array(#"{"id":7,"method":"Fake.echo"}"#.utf8))
                try await connection.send(
                    Array(
                        ("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            + "GET \(path) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8) + call)
                #expect(try await connection.readAnswer().status == 200)
                #expect(try await connection.readAnswer().status == 101)
                let client = SocketClient(connection: connection)
                #expect(try await client.nextMessage() == .text(#"{"id":7,"result":{}}"#))
            }
        }
    }

    @Test("an upgrade to something else is ignored and answered")
    func otherUpgrade() async throws {
        try await FleetRig.with { rig in
            let answer = try await rig.raw(
                "GET /health HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\n"
                    + "Connection: Upgrade\r\n\r\n")
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
        }
    }
}
