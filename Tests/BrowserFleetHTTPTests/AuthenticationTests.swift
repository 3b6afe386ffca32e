// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import Testing

@Suite("who may do what")
struct AuthenticationTests {
    private static let guarded: [(String, String)] = [
        ("POST", "/browsers"), ("GET", "/browsers"), ("GET", "/browsers/ID"),
        ("DELETE", "/browsers/ID"), ("POST", "/browsers/ID/tokens"),
        ("GET", "/browsers/ID/json/version"), ("GET", "/browsers/ID/json/list"),
        ("GET", "/browsers/ID/json/protocol"), ("GET", "/browsers/ID/json"),
        ("GET", "/browsers/ID/screenshot"), ("GET", "/browsers/ID/pdf"),
        ("GET", "/browsers/ID/content"), ("GET", "/api/stats"), ("GET", "/limits"),
        ("GET", "/metrics"),
    ]
    private static let open = [
        "/health", "/health/live", "/health/ready", "/api/health", "/openapi.json",
    ]

    @Test("every path that is not public refuses no key, a wrong key and a revoked one")
    func refused() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let revoked = try rig.ring.create(
                name: "gone", scopes: Set(KeyScope.allCases),
                createdAt: Timestamp(millisecondsSince1970: 0))
            try rig.ring.revoke("gone")
            let rows: [([String], ProblemCode)] = [
                ([], .unauthenticated), (["X-API-Key: wrong"], .invalidKey),
                (["X-API-Key:"], .invalidKey), (["X-API-Key: \(revoked.secret)"], .invalidKey),
                (["Authorization: Bearer wrong"], .invalidKey),
                (["Authorization: Basic d3Jvbmc="], .unauthenticated),
            ]
            for (method, path) in Self.guarded {
                for (headers, code) in rows {
                    let path = path.replacing("ID", with: made.id)
                    let answer = try await rig.call(method, path, headers: headers)
                    #expect(try answer.problem().code == code, "\(method) \(path) \(headers)")
                    #expect(answer["www-authenticate"] == "Bearer")
                }
            }
            #expect(try await rig.call("GET", "/browsers/\(made.id)", key: rig.user).status == 200)
        }
    }

    @Test("public paths need no key and no known host")
    func publicPaths() async throws {
        try await FleetRig.with { rig in
            for path in Self.open {
                let answer = try await rig.raw(
                    "GET \(path) HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                #expect(answer.status == 200 || answer.status == 204, "\(path)")
            }
        }
    }

    @Test("a bearer key is as good as one in X-API-Key")
    func bearer() async throws {
        try await FleetRig.with { rig in
            let answer = try await rig.call(
                "GET", "/browsers", headers: ["Authorization: bearer \(rig.user)"])
            #expect(answer.status == 200)
        }
    }

    @Test("a key without the scope is refused")
    func scopes() async throws {
        try await FleetRig.with { rig in
            let now = Timestamp(millisecondsSince1970: 0)
            let metrics = try rig.ring.create(name: "m", scopes: [.metrics], createdAt: now)
            let create = try await rig.call("POST", "/browsers", key: metrics.secret, body: "{}")
            #expect(try create.problem().code == .forbidden)
            #expect(try await rig.call("GET", "/metrics", key: metrics.secret).status == 200)
            let user = try await rig.call("GET", "/metrics", key: rig.user)
            #expect(try user.problem().code == .forbidden)
        }
    }

    @Test("a key sees only what it created, an admin key sees all")
    func tenants() async throws {
        try await FleetRig.with { rig in
            let now = Timestamp(millisecondsSince1970: 0)
            let other = try rig.ring.create(name: "other", scopes: [.browsers], createdAt: now)
            let made = try await rig.create()
            for (method, path) in Self.guarded where path.contains("ID") {
                let path = path.replacing("ID", with: made.id)
                let answer = try await rig.call(method, path, key: other.secret)
                #expect(try answer.problem().code == .unknownBrowser, "\(method) \(path)")
            }
            let list = try await rig.call("GET", "/browsers", key: other.secret)
            #expect(try list.decoded(as: BrowserListResponse.self).browsers.isEmpty)
            #expect(try await rig.call("GET", "/browsers/\(made.id)", key: rig.admin).status == 200)
            let all = try await rig.call("GET", "/browsers", key: rig.admin)
            #expect(try all.decoded(as: BrowserListResponse.self).browsers.count == 1)
        }
    }

    @Test("a host that is not ours is misdirected")
    func hosts() async throws {
        try await FleetRig.with(configure: { $0.allowedHosts = ["fleet.example"] }) { rig in
            let rows = [
                ("evil.example", 421), ("fleet.example", 200), ("FLEET.example:8080", 200),
                ("127.0.0.1", 200), ("[::1]:3000", 200), ("localhost:1", 200),
                ("fleet.example.evil", 421), ("1.2.3.4.evil", 421), ("fleet.example:80:90", 400),
            ]
            for (host, status) in rows {
                let answer = try await rig.raw(
                    "GET /browsers HTTP/1.1\r\nHost: \(host)\r\nX-API-Key: \(rig.user)\r\n\r\n")
                #expect(answer.status == status, "\(host)")
            }
        }
    }

    @Test("a page of a foreign origin changes nothing, and needs a JSON content type if allowed")
    func origins() async throws {
        try await FleetRig.with(configure: { $0.corsOrigins = ["https://app.example"] }) { rig in
            let evil = try await rig.call(
                "POST", "/browsers", key: rig.user, headers: ["Origin: https://evil.example"],
                body: "{}")
            #expect(try evil.problem().code == .originNotAllowed)
            let bare = try await rig.call(
                "POST", "/browsers", key: rig.user, headers: ["Origin: https://app.example"])
            #expect(try bare.problem().code == .unsupportedMediaType)
            let good = try await rig.call(
                "POST", "/browsers", key: rig.user, headers: ["Origin: https://app.example"],
                body: "{}")
            #expect(good.status == 201)
            #expect(good["access-control-allow-origin"] == "https://app.example")
            let preflight = try await rig.call(
                "OPTIONS", "/browsers",
                headers: ["Origin: https://app.example", "Access-Control-Request-Method: POST"])
            #expect(preflight.status == 204)
            #expect(preflight["access-control-allow-methods"]?.contains("POST") == true)
            let foreign = try await rig.call(
                "OPTIONS", "/browsers",
                headers: ["Origin: https://evil.example", "Access-Control-Request-Method: POST"])
            #expect(foreign.status == 405)
            #expect(foreign["access-control-allow-origin"] == nil)
        }
    }

    @Test("a key's limits are kept, told, and end with its browsers")
    func limits() async throws {
        try await FleetRig.with { rig in
            let now = Timestamp(millisecondsSince1970: 0)
            let small = try rig.ring.create(
                name: "small", scopes: [.browsers],
                limits: KeyLimits(concurrentBrowsers: 1, createsPerMinute: 2), createdAt: now)
            let first = try await rig.create(key: small.secret)
            let second = try await rig.call("POST", "/browsers", key: small.secret, body: "{}")
            #expect(try second.problem().code == .keyLimit)
            #expect(second["retry-after"] != nil)
            let told = try await rig.call("GET", "/limits", key: small.secret)
                .decoded(as: LimitsResponse.self)
            #expect(told.key == "small" && told.browsers == 1 && told.maxBrowsers == 1)

            _ = try await rig.call("DELETE", "/browsers/\(first.id)", key: small.secret)
            let third = try await rig.create(key: small.secret)
            _ = try await rig.call("DELETE", "/browsers/\(third.id)", key: small.secret)
            let fourth = try await rig.call("POST", "/browsers", key: small.secret, body: "{}")
            #expect(try fourth.problem().code == .rateLimited)
            let left = try await rig.call("GET", "/limits", key: small.secret)
                .decoded(as: LimitsResponse.self)
            #expect(left.createsLeft == 0 && left.nextCreateInMs > 0)
        }
    }

    @Test("deleting is never rate limited")
    func deleting() async throws {
        try await FleetRig.with(configure: { $0.requestsPerMinute = 3 }) { rig in
            let made = try await rig.create()
            var statuses: [Int] = []
            for _ in 0..<4 {
                statuses.append(try await rig.call("GET", "/limits", key: rig.user).status)
            }
            #expect(statuses == [200, 200, 429, 429])
            #expect(
                try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user).status == 200)
        }
    }

    @Test("too many connections from one address are turned away")
    func connections() async throws {
        try await FleetRig.with(configure: { $0.maxConnectionsPerAddress = 1 }) { rig in
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.readAnswer().status == 204)
                let second = try await rig.call("GET", "/health")
                #expect(try second.problem().code == .tooManyConnections)
            }
        }
    }
}
