// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import Testing

@testable import BrowserFleetHTTP

/// Every route against every credential that does not fit. The routes come from `openapi.json`,
/// which is made from the list that the server routes by: a new one cannot be forgotten.
@Suite("every route that is not public refuses who may not (invariant 23)")
struct CredentialTests {
    private struct Route: Sendable {
        var method: String
        var path: String
        var isPublic: Bool
        var takesToken: Bool
        var isOfBrowser: Bool { path.contains("{id}") }
    }

    private static let publicPaths: Set<String> = [
        "/health", "/health/live", "/health/ready", "/api/health", "/openapi.json",
    ]
    private static let sockets = [
        "/browsers/{id}", "/devtools/browser/{id}", "/browsers/{id}/devtools/browser/x",
        "/browsers/{id}/devtools/page/ABCDEF",
    ]

    private static func routes(_ rig: FleetRig) async throws -> [Route] {
        let answer = try await rig.call("GET", "/openapi.json")
        let document = try JSONParser.parse(Array(answer.body.utf8))
        guard case .object(let paths)? = document["paths"] else { return [] }
        return paths.flatMap { path -> [Route] in
            guard case .object(let operations) = path.value else { return [] }
            return operations.map { operation in
                guard case .array(let security)? = operation.value["security"] else {
                    return Route(
                        method: operation.name.uppercased(), path: path.name, isPublic: true,
                        takesToken: false)
                }
                return Route(
                    method: operation.name.uppercased(), path: path.name,
                    isPublic: security.isEmpty,
                    takesToken: security.contains { $0["token"] != nil })
            }
        }
    }

    @Test("no, wrong, revoked, expired, another tenant's and another browser's credential")
    func everyRoute() async throws {
        try await FleetRig.with { rig in
            let now = Timestamp(millisecondsSince1970: 0)
            let mine = try await rig.create()
            let theirs = try rig.ring.create(name: "theirs", scopes: [.browsers], createdAt: now)
            let revoked = try rig.ring.create(name: "gone", scopes: [.admin], createdAt: now)
            try rig.ring.revoke("gone")
            let bare = try rig.ring.create(name: "bare", scopes: [], createdAt: now)
            let id = try BrowserID(decoding: mine.id)
            let later = Timestamp(millisecondsSince1970: 4_102_444_800_000)
            let old = rig.signer.token(for: id, scope: .control, expiresAt: now)
            let view = rig.signer.token(for: id, scope: .view, expiresAt: later)
            let foreign = rig.signer.token(
                for: try BrowserID(decoding: "localhost_1"), scope: .control, expiresAt: later)
            let routes = try await Self.routes(rig)
            #expect(routes.count >= 20)
            #expect(Set(routes.filter(\.isPublic).map(\.path)) == Self.publicPaths)
            for route in routes where !route.isPublic {
                let path = route.path.replacing("{id}", with: mine.id)
                func status(_ headers: [String], _ query: String = "") async throws -> Int {
                    try await rig.call(route.method, path + query, headers: headers).status
                }
                let name = "\(route.method) \(route.path)"
                for headers in [
                    [], ["X-API-Key: wrong"], ["X-API-Key: \(revoked.secret)"],
                    ["Authorization: Bearer \(revoked.secret)"], ["Authorization: Bearer a.b.c"],
                    ["Authorization: Basic YTpi"],
                ] {
                    #expect(try await status(headers) == 401, "\(name) \(headers)")
                }
                if route.isOfBrowser {
                    let other = try await status(["X-API-Key: \(theirs.secret)"])
                    #expect(other == 404, "\(name) of another tenant")
                }
                if route.path != "/limits" && route.path != "/api/stats" {
                    #expect(try await status(["X-API-Key: \(bare.secret)"]) == 403, "\(name)")
                }
                let tokens = try await [
                    status([], "?token=\(old)"), status([], "?token=\(foreign)"),
                    status([], "?token=\(view)"), status([], "?token="),
                ]
                let expected = route.takesToken ? [401, 401, 403, 401] : [401, 401, 401, 401]
                #expect(tokens == expected, "\(name) by token")
            }
            #expect(try await rig.call("GET", "/browsers/\(mine.id)", key: rig.user).status == 200)
        }
    }

    @Test("every socket refuses the same")
    func everySocket() async throws {
        try await FleetRig.with { rig in
            let now = Timestamp(millisecondsSince1970: 0)
            let mine = try await rig.create()
            let theirs = try rig.ring.create(name: "theirs", scopes: [.browsers], createdAt: now)
            let bare = try rig.ring.create(name: "bare", scopes: [], createdAt: now)
            let id = try BrowserID(decoding: mine.id)
            let later = Timestamp(millisecondsSince1970: 4_102_444_800_000)
            let old = rig.signer.token(for: id, scope: .control, expiresAt: now)
            let view = rig.signer.token(for: id, scope: .view, expiresAt: later)
            func status(_ path: String, _ headers: [String]) async throws -> Int {
                try await RawConnection.with(port: rig.port) { connection in
                    try await SocketClient.handshake(
                        connection, port: rig.port, path: path, headers: headers
                    ).status
                }
            }
            let page = "/devtools/page/0123456789ABCDEF0123456789ABCDEF"
            for socket in Self.sockets + ["/connect", page] {
                let path = socket.replacing("{id}", with: mine.id)
                for headers in [[], ["X-API-Key: wrong"], ["Authorization: Bearer a.b.c"]] {
                    #expect(try await status(path, headers) == 401, "\(socket) \(headers)")
                }
                #expect(try await status(path + "?token=\(old)", []) == 401, "\(socket)")
                let viewed = try await status(path + "?token=\(view)", [])
                #expect(viewed == (socket == "/connect" ? 401 : 403), "\(socket) to view")
                let unscoped = try await status(path, ["X-API-Key: \(bare.secret)"])
                #expect(unscoped == 403, "\(socket)")
                guard socket != "/connect" else { continue }
                #expect(try await status(path, ["X-API-Key: \(theirs.secret)"]) == 404, "\(socket)")
            }
            #expect(rig.pool.snapshot().counts.connections == 0)
        }
    }
}
