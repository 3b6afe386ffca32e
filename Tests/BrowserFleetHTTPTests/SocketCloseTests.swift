// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@testable import BrowserFleetHTTP

@Suite("every end of a socket has its code and its word")
struct SocketCloseTests {
    @Test("each end reason has the code of the contract")
    func codes() {
        let codes: [EndReason: UInt16] = [
            .deleted: 4000, .idle: 4001, .lifetime: 4002, .disconnected: 4001,
            .neverConnected: 4001, .crashed: 4003, .unhealthy: 4003, .memoryLimit: 4004,
            .drained: 1001, .serverStopping: 1001, .clientClosed: 1000, .abandoned: 4000,
            .evicted: 4000, .fenced: 4007,
        ]
        for reason in EndReason.allCases {
            let closure = WebSocketClosure(reason)
            #expect(closure.code == codes[reason])
            #expect(ProblemCode(rawValue: closure.reason) != nil)
        }
        for fault in ClientCloseReason.allCases {
            #expect(ProblemCode(rawValue: WebSocketClosure(.client(fault)).reason) != nil)
        }
    }

    private func opened(
        _ body: @escaping @Sendable (FleetRig, SocketClient, BrowserResponse) async throws -> Void
    ) async throws {
        try await FleetRig.with(configure: { $0.longestMessage = 100_000 }) { rig in
            let made = try await rig.create()
            try await SocketClient.with(
                port: rig.port, path: "/browsers/\(made.id)", headers: ["X-API-Key: \(rig.user)"]
            ) { client in
                try await body(rig, client, made)
            }
            try await rig.wait(while: { rig.pool.snapshot().counts.connections > 0 })
        }
    }

    @Test("a deleted browser closes its clients with 4000")
    func deleted() async throws {
        try await opened { rig, client, made in
            _ = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            #expect(try await client.nextMessage() == .close(4000, "deleted"))
        }
    }

    @Test("a crash closes its clients with 4003")
    func crashed() async throws {
        try await opened { rig, client, _ in
            for browser in rig.launcher.live { browser.crash() }
            let frame = try await client.nextMessage()
            #expect(frame == .close(4003, "crashed"))
        }
    }

    @Test("a stopping server closes its clients with 1001")
    func stopping() async throws {
        try await opened { rig, client, _ in
            rig.pool.stop()
            let frame = try await client.nextMessage()
            #expect(frame == .close(1001, "server-stopping"))
        }
    }

    @Test("Browser.close is answered, then every client is closed with 1000")
    func clientClosed() async throws {
        try await opened { rig, client, made in
            try await client.send(#"{"id":1,"method":"Browser.close"}"#)
            #expect(try await client.nextMessage() == .text(#"{"id":1,"result":{}}"#))
            #expect(try await client.nextMessage() == .close(1000, "client-closed"))
            let tomb = try await rig.call("GET", "/browsers/\(made.id)", key: rig.user)
            #expect(try tomb.problem().code == .clientClosed)
        }
    }

    @Test("a close of the client is answered with its own code, and the browser lives on")
    func ownClose() async throws {
        try await opened { rig, client, made in
            try await client.send(8, [0x03, 0xe8] + Array("bye".utf8))
            #expect(try await client.nextMessage() == .close(1000, ""))
            #expect(try await client.next() == .end)
            #expect(try await rig.call("GET", "/browsers/\(made.id)", key: rig.user).status == 200)
        }
    }

    @Test("a message over the limit is closed with 1009")
    func tooBig() async throws {
        try await opened { _, client, _ in
            try await client.send(1, Array(repeating: 0x20, count: 100_001))
            #expect(try await client.nextMessage() == .close(1009, "body-too-large"))
        }
    }

    @Test("a binary message and one that is not JSON are protocol errors of the client")
    func clientFaults() async throws {
        try await opened { _, client, _ in
            try await client.send(2, Array("{}".utf8))
            #expect(try await client.nextMessage() == .close(4006, "protocol-error"))
        }
        try await opened { _, client, _ in
            try await client.send("nonsense")
            #expect(try await client.nextMessage() == .close(4006, "protocol-error"))
        }
    }

    @Test("an unmasked frame is closed with 1002")
    func unmasked() async throws {
        try await opened { _, client, _ in
            try await client.send(1, Array("{}".utf8), isMasked: false)
            #expect(try await client.nextMessage() == .close(1002, "protocol-error"))
        }
    }

    @Test("a slow reader is closed while another client of the browser is served")
    func slowReader() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let (path, headers) = ("/browsers/\(made.id)", ["X-API-Key: \(rig.user)"])
            try await SocketClient.with(port: rig.port, path: path, headers: headers) { other in
                try await SocketClient.with(port: rig.port, path: path, headers: headers) { deaf in
                    // More than the host's bound of 16 MiB and the kernel's buffers together.
                    try await deaf.send(
                        #"{"id":1,"method":"Fake.flood","params":{"count":32,"bytes":1000000}}"#)
                    try await rig.wait(while: { rig.pool.snapshot().counts.connections > 1 })
                    try await other.send(#"{"id":2,"method":"Fake.echo"}"#)
                    #expect(try await other.nextMessage() == .text(#"{"id":2,"result":{}}"#))
                }
            }
        }
    }
}
