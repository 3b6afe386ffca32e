// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import Testing

@testable import BrowserFleetHTTP

@Suite("clients behind a trusted proxy")
struct ProxyTests {
    private static let signature: [UInt8] = [
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
    ]
    private static let client4: [UInt8] = [192, 0, 2, 7, 10, 0, 0, 1, 0, 80, 1, 187]

    private static let headers: [([UInt8], ProxyHeader)] = [
        (Array("GET / HTTP/1.1\r\n".utf8), .absent), (Array("POST".utf8), .absent),
        ([0x0d, 0x0a, 0x47], .absent), ([], .incomplete), (Array("P".utf8), .incomplete),
        (Array("PROXY TCP4 192.0.2.7".utf8), .incomplete),
        (
            Array("PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\nGET".utf8),
            .present(.v4(0xc000_0207), length: 40)
        ),
        (
            Array("PROXY TCP6 2001:db8::7 ::1 4711 443\r\n".utf8),
            .present(IPAddress("2001:db8::7"), length: 37)
        ),
        (Array("PROXY UNKNOWN\r\n".utf8), .present(nil, length: 15)),
        (Array("PROXY UNKNOWN some more\r\n".utf8), .present(nil, length: 25)),
        (Array("PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\n".utf8), .malformed),
        (Array("PROXY TCP4 nonsense 10.0.0.1 4711 443\r\n".utf8), .malformed),
        (Array("PROXY TCP4 192.0.2.7\r\n".utf8), .malformed),
        (Array("PROXY SCTP 192.0.2.7 10.0.0.1 1 2\r\n".utf8), .malformed),
        (Array(("PROXY UNKNOWN " + String(repeating: "x", count: 100)).utf8), .malformed),
        (signature, .incomplete), (signature + [0x21, 0x11, 0, 12] + [192, 0], .incomplete),
        (signature + [0x21, 0x11, 0, 12] + client4, .present(.v4(0xc000_0207), length: 28)),
        (
            signature + [0x21, 0x21, 0, 36] + [UInt8](repeating: 1, count: 36),
            .present(.v6(UInt128.max / 255), length: 52)
        ),
        (signature + [0x20, 0x00, 0, 0], .present(nil, length: 16)),
        (
            signature + [0x21, 0x11, 0, 14] + client4 + [4, 0],
            .present(.v4(0xc000_0207), length: 30)
        ),
        (signature + [0x11, 0x11, 0, 12] + client4, .malformed),
        (signature + [0x21, 0x11, 0, 4] + [1, 2, 3, 4], .malformed),
        (signature + [0x21, 0x11, 0xff, 0xff], .malformed),
    ]

    @Test("a PROXY header is read as its specification writes it")
    func parsing() {
        for (bytes, header) in Self.headers {
            #expect(ProxyHeader(bytes) == header, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private static func trustLoopback(_ configuration: inout HTTPConfiguration) {
        configuration.trustedProxies = TrustedProxies([IPNetwork(only: .v4(0x7f00_0001))])
    }

    @Test("each forwarded client has a rate of its own; a stranger's word is not believed")
    func forwardedRates() async throws {
        let calls: @Sendable (FleetRig) async throws -> [Int] = { rig in
            var statuses: [Int] = []
            for client in ["192.0.2.1", "192.0.2.1", "192.0.2.2", "6.6.6.6, 192.0.2.1"] {
                statuses.append(
                    try await rig.call(
                        "GET", "/limits", key: rig.user, headers: ["X-Forwarded-For: \(client)"]
                    ).status)
            }
            return statuses
        }
        let behind = try await FleetRig.with(
            configure: {
                Self.trustLoopback(&$0)
                $0.requestsPerMinutePerAddress = 1
            }, calls)
        #expect(behind == [200, 429, 200, 429])
        let direct = try await FleetRig.with(
            configure: { $0.requestsPerMinutePerAddress = 1 }, calls)
        #expect(direct == [200, 429, 429, 429])
    }

    @Test("an address that guesses keys is slowed down")
    func guessing() async throws {
        try await FleetRig.with(configure: { $0.requestsPerMinutePerAddress = 2 }) { rig in
            var codes: [ProblemCode] = []
            for _ in 0..<4 {
                codes.append(try await rig.call("GET", "/limits", key: "guess").problem().code)
            }
            #expect(codes == [.invalidKey, .invalidKey, .rateLimited, .rateLimited])
            #expect(try await rig.call("GET", "/health").status == 200)
        }
    }

    @Test("a PROXY header names the client for the connection's bound")
    func proxiedConnections() async throws {
        try await FleetRig.with(
            configure: {
                Self.trustLoopback(&$0)
                $0.maxConnectionsPerAddress = 1
            }
        ) { rig in
            func status(_ client: String, _ held: RawConnection) async throws -> Int {
                try await held.send(
                    "PROXY TCP4 \(client) 127.0.0.1 1 2\r\n"
                        + "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return try await held.readAnswer().status
            }
            try await RawConnection.with(port: rig.port) { first in
                #expect(try await status("192.0.2.1", first) == 204)
                let second = try await RawConnection.with(port: rig.port) {
                    try await status("192.0.2.1", $0)
                }
                #expect(second == 429)
                let other = try await RawConnection.with(port: rig.port) {
                    try await status("192.0.2.2", $0)
                }
                #expect(other == 204)
                #expect(try await rig.call("GET", "/health").status == 200)
            }
        }
    }

    @Test("a PROXY header of a stranger is no request")
    func strangersHeader() async throws {
        try await FleetRig.with { rig in
            let answer = try await rig.raw(
                "PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n"
                    + "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try answer.problem().code == .malformedRequest)
        }
    }

    @Test("sockets behind a proxy count for the client that it names")
    func proxiedSockets() async throws {
        try await FleetRig.with(
            configure: {
                Self.trustLoopback(&$0)
                $0.maxConnectionsPerAddress = 1
            }
        ) { rig in
            let made = try await rig.create()
            let headers = ["X-API-Key: \(rig.user)", "X-Forwarded-For: 192.0.2.1"]
            let path = "/browsers/\(made.id)"
            func shake() async throws -> RawAnswer {
                try await RawConnection.with(port: rig.port) { connection in
                    try await SocketClient.handshake(
                        connection, port: rig.port, path: path, headers: headers)
                }
            }
            try await SocketClient.with(port: rig.port, path: path, headers: headers) { _ in
                let refused = try await shake()
                #expect(try refused.problem().code == .tooManyConnections)
            }
            // The socket stops counting a moment after it is gone.
            var status = 429
            for _ in 0..<500 where status == 429 {
                status = try await shake().status
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(status == 101)
        }
    }

    @Test("what a token does is charged to the key that made the browser, sockets included")
    func tokens() async throws {
        try await FleetRig.with(configure: { $0.requestsPerMinute = 4 }) { rig in
            let now = Timestamp(millisecondsSince1970: 0)
            let other = try rig.ring.create(name: "other", scopes: [.browsers], createdAt: now)
            let (mine, theirs) = (try await rig.create(), try await rig.create(key: other.secret))
            func connect(_ browser: BrowserResponse) async throws -> Int {
                let url = try #require(browser.wss)
                let query = url.drop { $0 != "?" }
                return try await RawConnection.with(port: rig.port) { connection in
                    try await SocketClient.handshake(
                        connection, port: rig.port, path: "/browsers/\(browser.id)\(query)"
                    ).status
                }
            }
            for _ in 0..<3 { #expect(try await connect(mine) == 101) }
            #expect(try await connect(mine) == 429)
            #expect(try await rig.call("GET", "/limits", key: rig.user).status == 429)
            #expect(try await connect(theirs) == 101)
        }
    }
}
