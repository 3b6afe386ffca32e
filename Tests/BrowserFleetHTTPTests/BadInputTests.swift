// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import Testing

/// A row of the table: what is sent, and what must come back.
private struct BadRow: Sendable, CustomTestStringConvertible {
    var method: String
    var path: String
    var headers: [String] = []
    var body: String?
    var code: ProblemCode
    /// What the detail must name.
    var names = ""

    var testDescription: String { "\(method) \(path) \((body ?? "").prefix(40))" }
}

@Suite("bad input is answered by a problem that names it")
struct BadInputTests {
    private static let fields: [(String, ProblemCode, String)] = [
        (#"{"colour":"red"}"#, .unknownField, "colour"),
        (#"{"Headful":true}"#, .unknownField, "did you mean 'headful'"),
        (#"{"headful":"yes"}"#, .wrongType, "headful"),
        (#"{"headful":1}"#, .wrongType, "headful"),
        (#"{"keepAliveMs":-1}"#, .outOfRange, "keepAliveMs"),
        (#"{"idleTimeoutMs":"soon"}"#, .wrongType, "idleTimeoutMs"),
        (#"{"maxLifetimeMs":1e300}"#, .wrongType, "maxLifetimeMs"),
        (#"{"maxLifetimeMs":86400001}"#, .outOfRange, "86400000"),
        (#"{"queueTimeoutMs":1.5}"#, .wrongType, "queueTimeoutMs"),
        (#"{"priority":"highest"}"#, .invalidValue, "low, normal, high"),
        (#"{"viewport":{"width":0,"height":600}}"#, .outOfRange, "viewport.width"),
        (#"{"viewport":{"width":800}}"#, .missingField, "viewport.height"),
        (#"{"viewport":{"width":8,"height":6,"depth":3}}"#, .unknownField, "depth"),
        (#"{"viewport":[800,600]}"#, .wrongType, "viewport"),
        (#"{"proxy":"nonsense"}"#, .invalidProxy, "proxy"),
        (#"{"proxy":"ftp://127.0.0.1:21"}"#, .invalidProxy, "proxy"),
        (#"{"proxy":"http://user:hunter2@host:0"}"#, .invalidProxy, "port"),
        (#"{"proxy":{"username":"u"}}"#, .missingField, "proxy.server"),
        (#"{"proxy":7}"#, .wrongType, "proxy"),
        (#"{"args":"--mute-audio"}"#, .wrongType, "args"),
        (#"{"args":["--a",7]}"#, .wrongType, "args[1]"),
        (#"{"metadata":"text"}"#, .wrongType, "metadata"),
        (#"{"metadata":{"a":1}}"#, .wrongType, "metadata.a"),
        (#"{"userAgent":"a\r\nb"}"#, .invalidValue, "userAgent"),
        (#"{"userAgent":""}"#, .outOfRange, "userAgent"),
        (#"{"a":1,"a":2}"#, .malformedJSON, "twice"),
        (#"{"#, .malformedJSON, "byte 1"),
        (#"[1,2]"#, .wrongType, "object"),
        (#"null"#, .wrongType, "object"),
        (#"{"headful":tru}"#, .malformedJSON, "byte 11"),
        (String(repeating: "[", count: 4000), .malformedJSON, "deeper"),
    ]

    private static let calls: [BadRow] = [
        BadRow(method: "GET", path: "/nowhere", code: .unknownPath, names: "openapi"),
        BadRow(method: "PUT", path: "/browsers", code: .methodNotAllowed, names: "PUT"),
        BadRow(method: "PATCH", path: "/health", code: .methodNotAllowed),
        BadRow(method: "BREW", path: "/health", code: .malformedRequest, names: "method"),
        BadRow(method: "GET", path: "/browsers/not%20an%20id", code: .malformedID),
        BadRow(method: "GET", path: "/browsers/UPPER_1", code: .malformedID),
        BadRow(method: "DELETE", path: "/browsers/a_b_c", code: .malformedID),
        BadRow(method: "GET", path: "/browsers/..%2f..%2fetc", code: .malformedID),
        BadRow(method: "POST", path: "/browsers/%00/tokens", code: .malformedID),
        BadRow(method: "GET", path: "/browsers/%zz", code: .malformedRequest),
        BadRow(method: "GET", path: "/browsers/%ff", code: .malformedRequest),
        BadRow(
            method: "GET", path: "/browsers/elsewhere-example-com_1", code: .wrongServer,
            names: "elsewhere.example.com"),
        BadRow(method: "GET", path: "/browsers/localhost_1", code: .unknownBrowser),
        BadRow(method: "DELETE", path: "/browsers/localhost_1", code: .unknownBrowser),
        BadRow(method: "GET", path: "/browsers?colour=red", code: .unknownField, names: "colour"),
        BadRow(method: "GET", path: "/browsers?limit=0", code: .outOfRange, names: "limit"),
        BadRow(method: "GET", path: "/browsers?limit=all", code: .wrongType, names: "limit"),
        BadRow(method: "GET", path: "/browsers?limit=1&limit=2", code: .invalidValue),
        BadRow(method: "GET", path: "/browsers?cursor=gone", code: .invalidValue, names: "cursor"),
        BadRow(method: "GET", path: "/browsers?status=dead", code: .invalidValue, names: "status"),
        BadRow(
            method: "POST", path: "/browsers", headers: ["Content-Type: text/plain"], body: "{}",
            code: .unsupportedMediaType, names: "application/json"),
        BadRow(
            method: "POST", path: "/browsers",
            headers: ["Content-Type: application/json; charset=latin1"], body: "{}",
            code: .unsupportedMediaType),
        BadRow(
            method: "POST", path: "/browsers", headers: ["Content-Length: 70000"],
            code: .bodyTooLarge, names: "65536"),
        BadRow(method: "GET", path: "/connect", code: .upgradeRequired),
        BadRow(method: "GET", path: "/devtools/browser/localhost_1", code: .upgradeRequired),
    ]

    @Test("a bad field of a create call is named")
    func badFields() async throws {
        try await FleetRig.with { rig in
            for (body, code, name) in Self.fields {
                let answer = try await rig.call("POST", "/browsers", key: rig.user, body: body)
                let problem = try answer.problem()
                #expect(problem.code == code, "\(body.prefix(60)): \(problem.detail)")
                #expect(problem.detail.contains(name), "\(body.prefix(60)): \(problem.detail)")
                #expect(!problem.detail.contains("hunter2"))
                #expect(problem.instance.hasPrefix("/browsers#"))
            }
            #expect(rig.pool.snapshot().counts.leased == 0)
            #expect(try await rig.create().status == .running)
        }
    }

    @Test("a bad call is told what is wrong with it")
    func badCalls() async throws {
        try await FleetRig.with { rig in
            for row in Self.calls {
                let answer = try await rig.call(
                    row.method, row.path, key: rig.admin, headers: row.headers, body: row.body)
                let problem = try answer.problem()
                #expect(problem.code == row.code, "\(row.testDescription): \(problem.detail)")
                #expect(
                    problem.detail.contains(row.names), "\(row.testDescription): \(problem.detail)")
                if problem.status == 405 { #expect(answer["allow"]?.contains("GET") == true) }
            }
            #expect(rig.pool.snapshot().counts.leased == 0)
        }
    }

    @Test("a body over the limit is refused before it is sent, and when its length is not told")
    func largeBodies() async throws {
        try await FleetRig.with { rig in
            let head =
                "POST /browsers HTTP/1.1\r\nHost: localhost\r\nX-API-Key: \(rig.user)\r\n"
                + "Content-Type: application/json\r\n"
            let told = try await rig.raw(head + "Content-Length: 10000000\r\n\r\n")
            #expect(try told.problem().code == .bodyTooLarge)
            let chunk = String(repeating: "x", count: 0x8000)
            let chunked = try await rig.raw(
                head + "Transfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: "8000\r\n\(chunk)\r\n", count: 3))
            #expect(try chunked.problem().code == .bodyTooLarge)
        }
    }

    private static let malformedHeads: [(String, ProblemCode)] = [
        ("GET /health HTTP/1.1\r\n\r\n", .malformedRequest),
        ("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .malformedRequest),
        ("GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n", .malformedRequest),
        (
            "POST /browsers HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: ,chunked\r\n\r\n",
            .malformedRequest
        ),
        ("GET /health HTTP/2.0\r\nHost: localhost\r\n\r\n", .malformedRequest),
        ("nonsense\r\n\r\n", .malformedRequest),
        (
            "GET /health HTTP/1.1\r\nHost: localhost\r\n"
                + String(repeating: "X-A: b\r\n", count: 101) + "\r\n", .headersTooLarge
        ),
        (
            "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: "
                + String(repeating: "b", count: 33_000) + "\r\n\r\n", .headersTooLarge
        ),
    ]

    @Test("a malformed head is answered and the connection closed")
    func malformedHeads() async throws {
        try await FleetRig.with { rig in
            for (head, code) in Self.malformedHeads {
                let answer = try await rig.raw(head)
                let problem = try answer.problem()
                #expect(problem.code == code, "\(head.prefix(60)): \(problem.detail)")
                #expect(answer["connection"] == "close")
            }
        }
    }

    @Test("a connection that says nothing is closed with 408")
    func silence() async throws {
        try await FleetRig.with(configure: { $0.headTimeout = .milliseconds(50) }) { rig in
            let answer = try await rig.raw("GET /hea")
            #expect(try answer.problem().code == .requestTimeout)
        }
    }

    @Test("a head that drips in is closed with 408, also behind an earlier request")
    func drippingHead() async throws {
        try await FleetRig.with(configure: { $0.headTimeout = .seconds(1) }) { rig in
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(
                    "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.readAnswer().status == 204)
                try await connection.send("GET /health")
                try await connection.send("/live HTTP/1.1\r\n")
                #expect(try await connection.readAnswer().problem().code == .requestTimeout)
                #expect(try await connection.readToEnd().isEmpty)
            }
        }
    }

    @Test("a body that hardly moves is closed with 408")
    func drippingBody() async throws {
        try await FleetRig.with(configure: { $0.bodyTimeout = .milliseconds(50) }) { rig in
            try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(
                    "POST /browsers HTTP/1.1\r\nHost: localhost\r\nX-API-Key: \(rig.user)\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                #expect(try await connection.readAnswer().problem().code == .requestTimeout)
                #expect(try await connection.readToEnd().isEmpty)
            }
            #expect(rig.pool.snapshot().counts.leased == 0)
        }
    }

    @Test("empty bodies with a JSON content type are accepted")
    func emptyBodies() async throws {
        try await FleetRig.with { rig in
            for headers in [[], ["Content-Type: application/json", "Content-Length: 0"]] {
                let made = try await rig.call("POST", "/browsers", key: rig.user, headers: headers)
                #expect(made.status == 201)
                let id = try made.decoded(as: BrowserResponse.self).id
                let gone = try await rig.call(
                    "DELETE", "/browsers/\(id)", key: rig.user, headers: headers)
                #expect(gone.status == 200)
            }
        }
    }
}
