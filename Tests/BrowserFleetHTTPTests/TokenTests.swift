// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Testing

@testable import BrowserFleetHTTP

@Suite("tokens are good for one browser, one scope and a while")
struct TokenTests {
    private let signer = TokenSigner(secret: Array(repeating: 7, count: 32))
    private let now = Timestamp(millisecondsSince1970: 1_800_000_000_000)

    private func id(_ local: String) throws -> BrowserID {
        try BrowserID(server: .localhost, local: local)
    }

    private func expiry(_ offset: Int64) -> Timestamp {
        Timestamp(millisecondsSince1970: now.millisecondsSince1970 + offset)
    }

    @Test("a token says its scope until it expires", arguments: TokenScope.allCases)
    func scopes(_ scope: TokenScope) throws {
        let browser = try id("a")
        let token = signer.token(for: browser, scope: scope, expiresAt: expiry(1))
        #expect(try signer.check(token, for: browser, at: now) == scope)
        #expect(throws: Problem.self) { try signer.check(token, for: browser, at: expiry(1)) }
        do throws(Problem) {
            _ = try signer.check(token, for: browser, at: expiry(1))
        } catch {
            #expect(error.code == .expiredToken)
        }
    }

    @Test("no change of any character is accepted")
    func changes() throws {
        let browser = try id("a")
        let token = Array(
            signer.token(for: browser, scope: .view, expiresAt: expiry(1000)).utf8)
        for index in token.indices {
            for replacement in [UInt8(ascii: "A"), UInt8(ascii: "Q"), UInt8(ascii: "_")]
            where token[index] != replacement {
                var changed = token
                changed[index] = replacement
                let text = String(decoding: changed, as: UTF8.self)
                #expect(throws: Problem.self, "\(index)") {
                    try signer.check(text, for: browser, at: now)
                }
            }
        }
    }

    @Test("another browser, another secret and other lengths are refused")
    func others() throws {
        let browser = try id("a")
        let token = signer.token(for: browser, scope: .control, expiresAt: expiry(1000))
        let other = TokenSigner(secret: Array(repeating: 8, count: 32))
        #expect(throws: Problem.self) { try signer.check(token, for: try id("b"), at: now) }
        #expect(throws: Problem.self) { try other.check(token, for: browser, at: now) }
        for text in ["", "x", String(token.dropLast(4)), token + "AAAA", token + token] {
            #expect(throws: Problem.self) { try signer.check(text, for: browser, at: now) }
        }
    }

    @Test("a kept secret outlives the process, and is for its owner only")
    func kept() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("token-secret")
        let browser = try id("a")
        let token = try TokenSigner.kept(at: path)
            .token(for: browser, scope: .control, expiresAt: expiry(1000))
        #expect(try TokenSigner.kept(at: path).check(token, for: browser, at: now) == .control)
        #expect(try PrivateFile.contents(of: path)?.count == 32)
    }

    @Test("a token opens its browser's discovery and nothing else of REST")
    func rest() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let asked = try await rig.call(
                "POST", "/browsers/\(made.id)/tokens", key: rig.user,
                body: #"{"scope":"view","ttlMs":60000}"#)
            #expect(asked.status == 201)
            let view = try asked.decoded(as: TokenResponse.self)
            #expect(view.expiresAt < made.expiresAt)
            let control = try await rig.call("POST", "/browsers/\(made.id)/tokens", key: rig.user)
                .decoded(as: TokenResponse.self)
            #expect(control.expiresAt == made.expiresAt)

            let path = "/browsers/\(made.id)/json/version?token="
            #expect(try await rig.call("GET", path + control.token).status == 200)
            #expect(try await rig.call("GET", path + view.token).problem().code == .forbidden)
            #expect(try await rig.call("GET", path + "x").problem().code == .invalidToken)
            for other in ["", "/screenshot"] {
                let answer = try await rig.call(
                    "GET", "/browsers/\(made.id)\(other)?token=\(control.token)")
                #expect(try answer.problem().code == .unauthenticated)
            }
        }
    }

    @Test(
        "a bad wish for a token is named",
        arguments: [
            (#"{"scope":"admin"}"#, "scope"), (#"{"ttlMs":0}"#, "ttlMs"),
            (#"{"ttlMs":"long"}"#, "ttlMs"), (#"{"colour":1}"#, "colour"),
        ])
    func badWish(_ body: String, _ name: String) async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            let answer = try await rig.call(
                "POST", "/browsers/\(made.id)/tokens", key: rig.user, body: body)
            #expect(answer.status == 400)
            #expect(try answer.problem().detail.contains(name))
        }
    }
}
