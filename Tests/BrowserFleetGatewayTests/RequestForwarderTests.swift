// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import BrowserFleetGateway

@Suite struct RequestForwarderTests {
    private func sent(_ channel: EmbeddedChannel) throws -> [HTTPClientRequestPart] {
        var parts: [HTTPClientRequestPart] = []
        while let part = try channel.readOutbound(as: HTTPClientRequestPart.self) {
            parts.append(part)
        }
        return parts
    }

    @Test func `a connection that is kept carries one request after the other`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        for _ in 1...3 {
            try rig.ask()
            #expect(try sent(upstream).count == 2)
            #expect(rig.loop.upstreams.keptCount == 0)
            try rig.answer(upstream)
            #expect(try rig.answered()?.status == .ok)
            #expect(rig.loop.upstreams.keptCount == 1)
        }
        #expect(rig.owners.failures.withLock { $0 } == [false, false, false])
    }

    @Test func `a request behind another waits for its answer`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        try rig.ask()
        try rig.ask(.DELETE)
        #expect(try sent(upstream).count == 2)
        try rig.answer(upstream)
        let parts = try sent(upstream)
        guard case .head(let head) = parts.first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(head.method == .DELETE)
    }

    @Test func `a server that does not begin its answer in time is unreachable`() throws {
        let rig = try EmbeddedGateway { $0.answerTimeout = .seconds(10) }
        let upstream = try rig.keepUpstream()
        try rig.ask(.POST, ["host": "a", "content-length": "0"])
        rig.time.advanceTime(by: .seconds(9))
        #expect(try rig.answered() == nil)
        rig.time.advanceTime(by: .seconds(3))
        let head = try rig.answered()
        #expect(head?.status == .badGateway)
        #expect(head?.headers["connection"] == ["close"])
        #expect(!upstream.isActive)
        #expect(rig.owners.failures.withLock { $0 } == [true])
    }

    @Test func `once it has begun, an answer may take its time`() throws {
        let rig = try EmbeddedGateway { $0.answerTimeout = .seconds(10) }
        let upstream = try rig.keepUpstream()
        try rig.ask()
        let head = HTTPResponseHead(
            version: .http1_1, status: .ok, headers: ["content-length": "2"])
        try upstream.writeInbound(HTTPClientResponsePart.head(head))
        rig.time.advanceTime(by: .minutes(10))
        #expect(upstream.isActive)
        #expect(try rig.answered()?.status == .ok)
    }

    @Test func `a silent server's answers under way go on, others are not waited for`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        try rig.ask()
        let head = HTTPResponseHead(
            version: .http1_1, status: .ok, headers: ["content-length": "2"])
        try upstream.writeInbound(HTTPClientResponsePart.head(head))
        rig.time.advanceTime(by: .seconds(5))
        rig.loop.heard(of: EmbeddedGateway.server, .silent)
        #expect(upstream.isActive)
        #expect(try rig.answered()?.status == .ok)
        try upstream.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: "ok")))
        try upstream.writeInbound(HTTPClientResponsePart.end(nil))
        try rig.ask(.POST, ["host": "a", "content-length": "0"])
        rig.loop.heard(of: EmbeddedGateway.server, .silent)
        #expect(!upstream.isActive)
        #expect(try rig.answered()?.status == .badGateway)
    }

    @Test func `a connection that nobody uses is kept for its time only`() throws {
        let rig = try EmbeddedGateway { $0.keepTimeout = .seconds(30) }
        let upstream = try rig.keepUpstream()
        rig.time.advanceTime(by: .seconds(29))
        #expect(upstream.isActive)
        rig.time.advanceTime(by: .seconds(3))
        #expect(!upstream.isActive)
        #expect(rig.loop.upstreams.keptCount == 0)
    }

    @Test func `no more connections are kept than the bound`() throws {
        let rig = try EmbeddedGateway { $0.keptConnections = 2 }
        let all = try (1...3).map { _ in try rig.keepUpstream() }
        #expect(all.map(\.isActive) == [true, true, false])
        #expect(rig.loop.upstreams.keptCount == 2)
    }

    @Test func `a kept connection on which a server speaks unasked is closed`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        try rig.answer(upstream)
        #expect(!upstream.isActive)
        #expect(rig.loop.upstreams.keptCount == 0)
    }

    @Test func `a server that closes its connection is not asked on it again`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        try rig.ask()
        try rig.answer(upstream, .ok, ["content-length": "2", "connection": "close"])
        #expect(rig.loop.upstreams.keptCount == 0)
        #expect(!upstream.isActive)
        // The client's connection is its own: it stays.
        #expect(try rig.answered()?.headers["connection"] == [])
    }

    @Test(
        "a length that the client cannot know ends its connection",
        arguments: [HTTPMethod.HEAD, .GET], [HTTPVersion.http1_0, .http1_1])
    func unknownLength(method: HTTPMethod, version: HTTPVersion) throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        let head = HTTPRequestHead(
            version: version, method: method, uri: "/browsers/x",
            headers: ["host": "a", "connection": "keep-alive"])
        try rig.client.writeInbound(HTTPServerRequestPart.head(head))
        try rig.client.writeInbound(HTTPServerRequestPart.end(nil))
        try rig.answer(upstream, .ok, ["transfer-encoding": "chunked"])
        let isKnown = method == .GET && version == .http1_1
        #expect(try rig.answered()?.headers["connection"] == (isKnown ? [] : ["close"]))
    }

    @Test func `those who take a connection to be idle cannot close it between its requests`()
        throws
    {
        let rig = try EmbeddedGateway { $0.keepTimeout = .seconds(3600) }
        let upstream = try rig.keepUpstream()
        try rig.ask()
        rig.client.close(promise: nil)
        #expect(rig.client.isActive)
        try rig.answer(upstream)
        rig.time.advanceTime(by: .seconds(50))
        try rig.ask()
        try rig.answer(upstream)
        rig.time.advanceTime(by: .seconds(50))
        #expect(rig.client.isActive)
        rig.time.advanceTime(by: .seconds(11))
        #expect(!rig.client.isActive)
    }

    @Test func `readings are bounded once something is sent on`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        try rig.ask(.POST, ["host": "a", "content-length": "0"])
        #expect(try rig.client.getOption(.maxMessagesPerRead).wait() == 1)
        try rig.answer(upstream)
    }

    @Test func `a client that goes away ends the connection its request is on`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        try rig.ask()
        rig.client.pipeline.fireChannelInactive()
        #expect(!upstream.isActive)
    }

    @Test func `nothing behind an answer that ends the connection is done`() throws {
        let rig = try EmbeddedGateway()
        let upstream = try rig.keepUpstream()
        try rig.ask(.HEAD)
        try rig.ask(.DELETE)
        _ = try sent(upstream)
        try rig.answer(upstream, .ok, ["transfer-encoding": "chunked"])
        #expect(try rig.answered()?.headers["connection"] == ["close"])
        #expect(try sent(upstream).isEmpty)
    }
}
