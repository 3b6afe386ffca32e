// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import HTTPTypes
import Testing

@testable import BrowserFleetHTTP

@Suite("calls between servers are signed")
struct InternalSignerTests {
    private static let old = "the-old-key-0123456789"
    private static let new = "the-new-key-0123456789"
    private static let now = Timestamp(millisecondsSince1970: 1_795_268_400_000)

    private static func later(_ seconds: Int64) -> Timestamp {
        Timestamp(millisecondsSince1970: now.millisecondsSince1970 + seconds * 1000)
    }

    private static let call: InternalCall = {
        var call = InternalCall(method: "POST", target: "/browsers?explain=true")
        call.address = "192.0.2.7"
        call.host = "browser.example.com"
        call.scheme = "https"
        call.prefix = "/browsers-of-ours"
        call.noWait = true
        return call
    }()

    private static func fields(_ call: InternalCall, by signer: InternalSigner) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in signer.headers(for: call, at: now) {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }

    private static func refusal(_ body: () throws(Problem) -> VerifiedCall?) -> ProblemCode? {
        do {
            _ = try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("what one server says of its client, another believes")
    func believed() throws {
        let signer = try InternalSigner(secrets: [Self.old])
        let verified = try signer.verify(
            method: "POST", target: "/browsers?explain=true", Self.fields(Self.call, by: signer),
            at: Self.now)
        #expect(verified?.call == Self.call)
    }

    @Test(
        "a gateway has counted what it answers itself, not what it passes on unread",
        arguments: [
            ("/browsers", true), ("/browsers?limit=1", true), ("/internal/report", true),
            ("/browsers/node1-test_1", false), ("/browsers/node1-test_1/screenshot?a=b", false),
            ("/devtools/browser/node1-test_1", false),
        ])
    func counted(_ path: String, _ isCounted: Bool) {
        var origin = CallOrigin()
        #expect(!origin.isCounted(path), "a client's own call is counted here")
        origin.signed = VerifiedCall(call: Self.call, bodyDigest: nil)
        #expect(origin.isCounted(path) == isCounted)
    }

    @Test("a call without a signature is nobody's")
    func unsigned() throws {
        let signer = try InternalSigner(secrets: [Self.old])
        var fields = Self.fields(Self.call, by: signer)
        fields[try #require(HTTPField.Name(InternalHeader.signature))] = nil
        let verified = try signer.verify(
            method: "POST", target: "/browsers?explain=true", fields, at: Self.now)
        #expect(verified == nil)
    }

    @Test("keys rotate: the first signs, all verify")
    func rotation() throws {
        let before = try InternalSigner(secrets: [Self.old])
        let between = try InternalSigner(secrets: [Self.old, Self.new])
        let after = try InternalSigner(secrets: [Self.new, Self.old])
        let done = try InternalSigner(secrets: [Self.new])
        for (signs, verifies) in [
            (before, between), (between, after), (after, between), (after, done),
        ] {
            let fields = Self.fields(Self.call, by: signs)
            let verified = try verifies.verify(
                method: "POST", target: "/browsers?explain=true", fields, at: Self.now)
            #expect(verified != nil)
        }
        let foreign = Self.fields(Self.call, by: done)
        #expect(
            Self.refusal { () throws(Problem) in
                try before.verify(
                    method: "POST", target: "/browsers?explain=true", foreign, at: Self.now)
            } == .invalidSignature)
    }

    @Test(
        "a signature is good for a minute either way",
        arguments: [(0, true), (60, true), (-60, true), (61, false), (-61, false), (86_400, false)])
    func window(_ seconds: Int64, _ isGood: Bool) throws {
        let signer = try InternalSigner(secrets: [Self.old])
        let fields = Self.fields(Self.call, by: signer)
        let refusal = Self.refusal { () throws(Problem) in
            try signer.verify(
                method: "POST", target: "/browsers?explain=true", fields,
                at: Self.later(seconds))
        }
        #expect(refusal == (isGood ? nil : .invalidSignature))
    }

    @Test("whatever is changed on the way is noticed", arguments: 0..<9)
    func tampering(_ kind: Int) throws {
        let signer = try InternalSigner(secrets: [Self.old])
        var fields = Self.fields(Self.call, by: signer)
        var (method, target) = ("POST", "/browsers?explain=true")
        func set(_ name: String, _ value: String?) throws {
            fields[try #require(HTTPField.Name(name))] = value
        }
        let signature = try #require(fields.only(InternalHeader.signature))
        switch kind {
        case 0: method = "DELETE"
        case 1: target = "/browsers"
        case 2: try set(InternalHeader.address, "192.0.2.8")
        case 3: try set(InternalHeader.host, "browser.example.co")
        case 4: try set(InternalHeader.scheme, "http")
        case 5: try set(InternalHeader.noWait, nil)
        case 6:
            try set(
                InternalHeader.signature,
                signature.replacing("1795268400000", with: "1795268400001"))
        case 7: try set(InternalHeader.signature, String(signature.dropLast()))
        default:
            fields.append(
                HTTPField(name: try #require(HTTPField.Name(InternalHeader.address)), value: "::1"))
        }
        let refusal = Self.refusal { () throws(Problem) in
            try signer.verify(method: method, target: target, fields, at: Self.now)
        }
        #expect(refusal == .invalidSignature)
    }

    @Test("parts that join to the same text are different calls")
    func lengths() throws {
        let signer = try InternalSigner(secrets: [Self.old])
        var one = InternalCall(method: "GET", target: "/a")
        one.address = "1"
        one.host = "2x"
        var other = one
        other.address = "12"
        other.host = "x"
        let signed = Self.fields(one, by: signer).only(InternalHeader.signature)
        #expect(signed != Self.fields(other, by: signer).only(InternalHeader.signature))
    }

    @Test(
        "what is no signature is refused, whatever it is",
        arguments: [
            "", "1", "1 2 3", "2 1795268400000 - AAAA", "1 now - AAAA", "1 1795268400000 - ä",
            "1 99999999999999999999 - AAAA", "1 -9223372036854775808 - AAAA",
            "1 1795268400000 - AAAA ", "1  1795268400000 - AAAA",
        ])
    func malformed(_ text: String) throws {
        let signer = try InternalSigner(secrets: [Self.old])
        var fields = HTTPFields()
        fields[try #require(HTTPField.Name(InternalHeader.signature))] = text
        let refusal = Self.refusal { () throws(Problem) in
            try signer.verify(method: "GET", target: "/", fields, at: Self.now)
        }
        #expect(refusal == .invalidSignature)
    }

    @Test("a signed body is the one that was signed")
    func bodies() throws {
        let signer = try InternalSigner(secrets: [Self.old])
        let call = InternalCall(method: "POST", target: "/internal/heartbeat", body: [1, 2, 3])
        let verified = try signer.verify(
            method: "POST", target: "/internal/heartbeat", Self.fields(call, by: signer),
            at: Self.now)
        #expect(verified?.vouches(for: [1, 2, 3]) == true)
        #expect(verified?.vouches(for: [1, 2]) == false)
        let without = InternalCall(method: "POST", target: "/internal/heartbeat")
        let unsure = try signer.verify(
            method: "POST", target: "/internal/heartbeat", Self.fields(without, by: signer),
            at: Self.now)
        #expect(unsure?.vouches(for: []) == false)
    }

    @Test("keys that could be guessed are refused", arguments: [[], ["short"], [old, "short"]])
    func weakKeys(_ secrets: [String]) {
        #expect(throws: HTTPServerError.self) { try InternalSigner(secrets: secrets) }
    }
}
