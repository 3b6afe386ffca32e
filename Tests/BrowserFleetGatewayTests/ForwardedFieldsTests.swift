// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Testing

@testable import BrowserFleetGateway

@Suite struct ForwardedFieldsTests {
    @Test(
        "fields of one connection, and what only a gateway says, do not go on",
        arguments: [
            "TE", "Trailer", "Upgrade", "Connection", "Keep-Alive", "Proxy-Connection",
            "Proxy-Authenticate", "Proxy-Authorization", "Transfer-Encoding", "Forwarded",
            "X-Forwarded-For", "X-FORWARDED-HOST", "x-forwarded-proto", "X-Real-IP",
            "X-Fleet-Signature", "x-fleet-anything", "Host", "Expect",
        ])
    func dropped(name: String) {
        #expect(ForwardedFields.ofRequest([name: "x"]).isEmpty)
    }

    @Test(
        "everything else does, as it came",
        arguments: [
            "Accept", "Authorization", "Content-Length", "Content-Type", "Cookie", "X-API-Key",
            "traceparent", "X-Fleet", "X-Forwarded", "Upgrade-Insecure-Requests",
            "Sec-WebSocket-Key",
        ])
    func kept(name: String) {
        #expect(ForwardedFields.ofRequest([name: "x"]).map(\.name) == [name])
    }

    @Test(
        "fields that Connection names stay behind",
        arguments: ["X-Secret", "keep-alive,x-secret", "a ,\tX-SECRET , b", "close, x-secret"])
    func named(connection: String) {
        let headers: HTTPHeaders = ["connection": connection, "x-secret": "1", "x-open": "2"]
        #expect(ForwardedFields.ofRequest(headers).map(\.name) == ["x-open"])
        #expect(ForwardedFields.ofAnswer(headers).map(\.name) == ["x-open"])
    }

    @Test func `the length of a body cannot be named away`() {
        let headers: HTTPHeaders = ["connection": "Content-Length, x", "content-length": "3"]
        #expect(ForwardedFields.ofRequest(headers).map(\.name) == ["content-length"])
    }

    @Test func `what belongs into a head does not come as a trailer`() {
        let trailers: HTTPHeaders = [
            "content-length": "3", "Host": "evil", "authorization": "x", "X-API-Key": "x",
            "x-forwarded-for": "9.9.9.9", "x-fleet-no-wait": "1", "x-checksum": "7",
        ]
        #expect(ForwardedFields.ofTrailers(trailers).map(\.name) == ["x-checksum"])
    }

    @Test(
        "only what can be done twice may be sent twice",
        arguments: [
            (HTTPMethod.GET, [:], true), (.DELETE, [:], true), (.HEAD, [:], true),
            (.POST, [:], false), (.PATCH, [:], false), (.GET, ["content-length": "3"], false),
            (.DELETE, ["content-length": "0"], true),
            (.DELETE, ["transfer-encoding": "chunked"], false),
        ] as [(HTTPMethod, HTTPHeaders, Bool)])
    func repeatable(method: HTTPMethod, headers: HTTPHeaders, verdict: Bool) {
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: "/", headers: headers)
        #expect(head.isRepeatable == verdict)
    }

    @Test func `the handshake of the RFC is accepted, any other answer is not`() {
        let request = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/",
            headers: ["sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="])
        var answer = HTTPResponseHead(
            version: .http1_1, status: .switchingProtocols,
            headers: [
                "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "upgrade": "WebSocket",
                "connection": "keep-alive, Upgrade",
            ])
        #expect(HandshakeCheck.isValid(answer, to: request))
        answer.headers.replaceOrAdd(name: "sec-websocket-accept", value: "other")
        #expect(!HandshakeCheck.isValid(answer, to: request))
    }
}
