// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@Suite("/connect creates a browser for one connection")
struct ConnectTests {
    @Test("the query is the create call, and the browser ends after its client")
    func connect() async throws {
        try await FleetRig.with(warm: 0) { rig in
            let path =
                "/connect?token=\(rig.user)&headful=true&viewport.width=10&viewport.height=20"
                + "&args=--mute-audio&args=--hide-scrollbars&metadata.job=7&keepAliveMs=0"
            try await SocketClient.with(port: rig.port, path: path) { client in
                try await client.send(#"{"id":1,"method":"Fake.echo"}"#)
                #expect(try await client.nextMessage() == .text(#"{"id":1,"result":{}}"#))
                let browser = try #require(rig.launcher.live.first)
                #expect(browser.request.properties.headful)
                #expect(
                    browser.request.properties.arguments == ["--mute-audio", "--hide-scrollbars"])
                #expect(browser.prepared?.viewport == Viewport(width: 10, height: 20))
                #expect(rig.pool.records().map(\.metadata) == [["job": "7"]])
            }
            try await rig.wait(while: { rig.pool.snapshot().counts.leased > 0 })
            #expect(rig.pool.records(ended: true).map(\.end?.reason) == [.disconnected])
        }
    }

    @Test("a caller who waits for a browser is not an idle connection", arguments: [true, false])
    func longWait(isSocket: Bool) async throws {
        // Long enough for a caller whose turn to send comes late.
        try await FleetRig.with(slots: 1, configure: { $0.idleTimeout = .seconds(4) }) {
            rig in
            let taken = try await rig.create()
            async let answer = RawConnection.with(port: rig.port) { connection in
                let key = "X-API-Key: \(rig.user)"
                if isSocket {
                    return try await SocketClient.handshake(
                        connection, port: rig.port, path: "/connect", headers: [key])
                }
                try await connection.send(
                    "POST /browsers HTTP/1.1\r\nHost: localhost\r\n\(key)\r\n"
                        + "Content-Length: 0\r\n\r\n")
                return try await connection.readAnswer()
            }
            try await rig.wait(while: { rig.pool.snapshot().counts.waiting == 0 })
            // Connections that are idle, and came later, have been closed by then.
            for _ in 0..<2 {
                let said = try await RawConnection.with(port: rig.port) { idle in
                    try await idle.readToEnd()
                }
                #expect(said == "")
            }
            _ = try await rig.call("DELETE", "/browsers/\(taken.id)", key: rig.user)
            let status = try await answer.status
            #expect(status == (isSocket ? 101 : 201))
        }
    }

    @Test("a client that hangs up while it waits gets no browser")
    func hangUp() async throws {
        try await FleetRig.with(slots: 1) { rig in
            _ = try await rig.create()
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(
                    "GET /connect?token=\(rig.user) HTTP/1.1\r\nHost: localhost\r\n"
                        + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                try await rig.wait(while: { rig.pool.snapshot().counts.waiting == 0 })
            }
            try await rig.wait(while: { rig.pool.snapshot().counts.waiting > 0 })
            #expect(rig.pool.snapshot().counts.leased == 1)
        }
    }

    @Test("a full server answers before the upgrade")
    func full() async throws {
        try await FleetRig.with(slots: 1) { rig in
            _ = try await rig.create()
            let answer = try await RawConnection.with(port: rig.port) { connection in
                try await SocketClient.handshake(
                    connection, port: rig.port, path: "/connect?queueTimeoutMs=1",
                    headers: ["X-API-Key: \(rig.user)"])
            }
            #expect(try answer.problem().code == .queueTimeout)
            #expect(answer["retry-after"] != nil)
        }
    }
}
