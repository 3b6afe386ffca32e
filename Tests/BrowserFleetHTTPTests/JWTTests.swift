// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import JWTKit
import Logging
import Testing

@testable import BrowserFleetHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("JWTs")
struct JWTTests {
    private static let secret = "0123456789abcdef0123456789abcdef"
    private static var soon: Double { Date().timeIntervalSince1970 + 60 }

    private static func claims(
        sub: String? = "alice", exp: Double? = soon, nbf: Double? = nil, iss: String? = nil,
        aud: [String]? = nil, scope: [String] = ["browsers"]
    ) -> JWTClaims {
        JWTClaims(
            sub: sub, exp: exp, nbf: nbf, iss: iss, aud: aud.map { .init($0) },
            scope: .init(scope))
    }

    private static func token(
        _ claims: JWTClaims, secret: String = secret, kid: String? = nil, header: JWTHeader = [:]
    ) async throws -> String {
        let keys = await JWTKeyCollection().add(
            hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        var header = header
        if let kid { header.kid = kid }
        return try await keys.sign(claims, header: header)
    }

    private static func withSecret<Value: Sendable>(
        issuer: String? = nil, audience: String? = nil,
        _ body: @escaping @Sendable (FleetRig) async throws -> Value
    ) async throws -> Value {
        let jwt = try HTTPConfiguration.JWT(secret: secret, issuer: issuer, audience: audience)
        return try await FleetRig.with(configure: { $0.jwt = jwt }, body)
    }

    private static func call(_ rig: FleetRig, _ token: String) async throws -> RawAnswer {
        try await rig.call("GET", "/browsers", headers: ["Authorization: Bearer \(token)"])
    }

    @Test("a token's subject owns what it makes, and its scopes bound it")
    func subject() async throws {
        try await Self.withSecret { rig in
            let alice = try await Self.token(Self.claims())
            let made = try await rig.create(key: alice)
            #expect(try await rig.call("GET", "/browsers/\(made.id)", key: alice).status == 200)
            let bob = try await Self.token(Self.claims(sub: "bob"))
            let foreign = try await rig.call("GET", "/browsers/\(made.id)", key: bob)
            #expect(try foreign.problem().code == .unknownBrowser)
            let admin = try await Self.token(Self.claims(sub: "root", scope: ["view admin"]))
            #expect(try await rig.call("GET", "/browsers/\(made.id)", key: admin).status == 200)
            let viewer = try await Self.token(Self.claims(scope: ["view", "openid"]))
            #expect(try await Self.call(rig, viewer).problem().code == .forbidden)
            #expect(try await rig.call("GET", "/limits", key: viewer).status == 200)
            let url = "/browsers/\(made.id)"
            try await SocketClient.with(
                port: rig.port, path: url, headers: ["Authorization: Bearer \(alice)"]
            ) { _ in }
        }
    }

    @Test("a forged token is refused as what it is when a page is looked for")
    func forgedForPage() async throws {
        try await Self.withSecret { rig in
            let made = try await rig.create()
            let forged = try await Self.token(
                Self.claims(), secret: "another secret of 32 characters.")
            let token = try #require(made.wss?.split(separator: "?").last)
            for query in ["", "?\(token)"] {
                let answer = try await RawConnection.with(port: rig.port) { connection in
                    try await SocketClient.handshake(
                        connection, port: rig.port,
                        path: "/devtools/page/0123456789ABCDEF0123456789ABCDEF\(query)",
                        headers: ["Authorization: Bearer \(forged)"])
                }
                let problem = try answer.problem()
                #expect(problem.code == .invalidToken)
                #expect(problem.detail.contains("signature"))
            }
        }
    }

    @Test("a token that is not exactly right is refused")
    func refused() async throws {
        try await Self.withSecret(issuer: "https://issuer", audience: "fleet") { rig in
            func claims(
                exp: Double? = Self.soon, nbf: Double? = nil, iss: String? = "https://issuer",
                aud: [String]? = ["other", "fleet"], sub: String? = "alice"
            ) -> JWTClaims { Self.claims(sub: sub, exp: exp, nbf: nbf, iss: iss, aud: aud) }
            let good = try await Self.token(claims())
            #expect(try await Self.call(rig, good).status == 200)
            #expect(try await Self.call(rig, Self.token(claims(), kid: "any")).status == 200)
            let past = Self.soon - 120
            let parts = good.split(separator: ".").map(String.init)
            let none = "eyJhbGciOiJub25lIn0"
            let rows: [(String, String, ProblemCode)] = [
                ("expired", try await Self.token(claims(exp: past)), .expiredToken),
                ("no exp", try await Self.token(claims(exp: nil)), .invalidToken),
                ("not yet", try await Self.token(claims(nbf: Self.soon)), .invalidToken),
                ("issuer", try await Self.token(claims(iss: "https://evil")), .invalidToken),
                ("no issuer", try await Self.token(claims(iss: nil)), .invalidToken),
                ("audience", try await Self.token(claims(aud: ["other"])), .invalidToken),
                ("empty audience", try await Self.token(claims(aud: [])), .invalidToken),
                ("no audience", try await Self.token(claims(aud: nil)), .invalidToken),
                ("no subject", try await Self.token(claims(sub: nil)), .invalidToken),
                ("empty subject", try await Self.token(claims(sub: "")), .invalidToken),
                (
                    "another secret",
                    try await Self.token(claims(), secret: Self.secret + "x"), .invalidToken
                ),
                (
                    "crit",
                    try await Self.token(claims(), header: ["crit": ["x"]]), .invalidToken
                ),
                ("alg none", "\(none).\(parts[1]).", .invalidToken),
                ("alg none, signed", "\(none).\(parts[1]).\(parts[2])", .invalidToken),
                ("no signature", "\(parts[0]).\(parts[1]).", .invalidToken),
                ("not JSON", "YQ.YQ.YQ", .invalidToken), ("dots", "..", .invalidToken),
                ("two parts", "\(parts[0]).\(parts[1])", .invalidKey),
            ]
            for (name, token, code) in rows {
                #expect(try await Self.call(rig, token).problem().code == code, "\(name)")
            }
        }
    }

    // MARK: JWKS

    /// A P-256 key of one issuer, and what its JWKS says of it.
    private struct Issuer {
        let key = ES256PrivateKey()
        var id: String

        var jwk: String {
            let point = key.publicKey.parameters
            let (x, y) = (point?.x ?? "", point?.y ?? "")
            return #"{"kty":"EC","crv":"P-256","use":"sig","kid":"\#(id)","#
                + #""x":"\#(Self.url(x))","y":"\#(Self.url(y))"}"#
        }

        static func url(_ base64: String) -> String {
            String(
                base64.compactMap { character -> Character? in
                    switch character {
                    case "+": "-"
                    case "/": "_"
                    case "=": nil
                    default: character
                    }
                })
        }

        func token(_ claims: JWTClaims, kid: String?) async throws -> String {
            let keys = await JWTKeyCollection().add(ecdsa: key)
            var header = JWTHeader()
            if let kid { header.kid = kid }
            return try await keys.sign(claims, header: header)
        }
    }

    private static func write(_ keys: [String], to path: String) throws {
        try PrivateFile.replace(
            path, with: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    @Test("keys of a file are known by their IDs; odd ones are left out and named")
    func keyFile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("jwks.json")
        let issuer = Issuer(id: "one")
        try Self.write(
            [
                #"{"kty":"EC","crv":"P-256","kid":"broken","x":"AA","y":"AA"}"#,
                #"{"kty":"strange","kid":"strange"}"#, #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
                #"{"kty":"EC","crv":"P-256","use":"enc","kid":"enc"}"#, issuer.jwk, issuer.jwk, "7",
            ], to: path)
        let file = try await JWTKeyFile(path: path)
        #expect(Array(file.keys.keys) == ["one"])
        #expect(file.keys["one"]?.algorithm == "ES256")
        let named = ["'broken'", "'strange'", "key 3", "'enc'", "'one' is there twice", "key 7"]
        #expect(file.skipped.count == named.count)
        for (line, name) in zip(file.skipped, named) { #expect(line.contains(name), "\(line)") }
        #expect(!file.skipped.joined().contains("AQAB"))
    }

    @Test("an unknown key, no key and another algorithm are refused")
    func keyIDs() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("jwks.json")
        let (issuer, stranger) = (Issuer(id: "one"), Issuer(id: "one"))
        try Self.write([issuer.jwk], to: path)
        let jwt = try HTTPConfiguration.JWT(secret: Self.secret, keysPath: path)
        try await FleetRig.with(configure: { $0.jwt = jwt }) { rig in
            let claims = Self.claims()
            #expect(
                try await Self.call(rig, issuer.token(claims, kid: "one")).status == 200)
            #expect(try await Self.call(rig, Self.token(claims)).status == 200)
            let wrong = [
                try await issuer.token(claims, kid: "two"),
                try await issuer.token(claims, kid: nil),
                try await stranger.token(claims, kid: "one"),
                try await Self.token(claims, kid: "one"), try await Self.token(claims, kid: "two"),
            ]
            for token in wrong {
                #expect(try await Self.call(rig, token).problem().code == .invalidToken)
            }
        }
    }

    @Test("a changed file counts, a broken one does not")
    func reload() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("jwks.json")
        let (old, new) = (Issuer(id: "old"), Issuer(id: "new"))
        try Self.write([old.jwk], to: path)
        let clock = SteppingClock()
        let verifier = JWTVerifier(
            try HTTPConfiguration.JWT(keysPath: path), now: { clock.tick() },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await verifier.load()
        let now = Timestamp(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000))
        let (oldToken, newToken) = (
            try await old.token(Self.claims(), kid: "old"),
            try await new.token(Self.claims(), kid: "new")
        )
        _ = try await verifier.subject(oldToken, at: now)
        await #expect(throws: Problem.self) { try await verifier.subject(newToken, at: now) }
        try Self.write([new.jwk], to: path)
        _ = try await verifier.subject(newToken, at: now)
        await #expect(throws: Problem.self) { try await verifier.subject(oldToken, at: now) }
        try PrivateFile.replace(path, with: Array("{".utf8))
        _ = try await verifier.subject(newToken, at: now)
    }

    @Test("what cannot be a rule stops the start")
    func badSettings() async throws {
        #expect(throws: HTTPServerError.self) { try HTTPConfiguration.JWT(secret: "short") }
        #expect(throws: HTTPServerError.self) { try HTTPConfiguration.JWT(issuer: "https://a") }
        let jwt = try HTTPConfiguration.JWT(keysPath: "/none/jwks.json")
        await #expect(throws: HTTPServerError.self) {
            try await FleetRig.with(configure: { $0.jwt = jwt }) { _ in }
        }
    }
}
