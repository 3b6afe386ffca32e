// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import NIOCore
import NIOEmbedded
import Testing

@testable import BrowserFleetHTTP

/// Notes what a socket does to the far side. Used on one embedded loop.
private final class RecordingConsumer: WebSocketConsumer, Sendable {
    private let box: NIOLoopBoundBox<(socket: WebSocketHandler?, heard: [String])>

    init(_ loop: any EventLoop) {
        box = NIOLoopBoundBox((nil, []), eventLoop: loop)
    }

    var socket: WebSocketHandler? { box.value.socket }
    var heard: [String] { box.value.heard }

    func opened(_ socket: WebSocketHandler) { box.value.socket = socket }
    func received(_ message: ByteBuffer, isText: Bool) {
        box.value.heard.append(String(buffer: message))
    }
    func receiveComplete() { box.value.heard.append("|") }
    func drained(unsent: Int) {}
    func closed() { box.value.heard.append("closed") }
    func abandoned() {}
}

@Suite("a WebSocket gathers, pings and closes by the clock")
struct WebSocketHandlerTests {
    private func open() throws -> (EmbeddedChannel, RecordingConsumer) {
        let channel = EmbeddedChannel()
        let consumer = RecordingConsumer(channel.eventLoop)
        let handler = WebSocketHandler(consumer: consumer, settings: WebSocketSettings())
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, consumer)
    }

    private func written(_ channel: EmbeddedChannel) throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        while let next = try channel.readOutbound(as: ByteBuffer.self) {
            all.append(Array(next.readableBytesView))
        }
        return all
    }

    private let ping: [UInt8] = [0x89, 0]

    @Test("a silent client is pinged every 20 s and cut off when two pings were missed")
    func silent() throws {
        let (channel, consumer) = try open()
        channel.embeddedEventLoop.advanceTime(by: .seconds(19))
        #expect(try written(channel) == [])
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(try written(channel) == [ping])
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(try written(channel) == [ping])
        #expect(consumer.heard == [])
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(consumer.heard == ["closed"])
        #expect(!channel.isActive)
    }

    @Test("a client that gives any sign of life stays")
    func alive() throws {
        let (channel, consumer) = try open()
        for _ in 0..<20 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(20))
            #expect(try written(channel) == [ping])
            try channel.writeInbound(ByteBuffer(bytes: SocketClient.frame(0xa, [])))
        }
        #expect(channel.isActive && !consumer.heard.contains("closed"))
        _ = try channel.finish()
    }

    @Test("a client that we do not read is not blamed for its pongs")
    func paused() throws {
        let (channel, consumer) = try open()
        consumer.socket?.pauseReading(true)
        for _ in 0..<5 { channel.embeddedEventLoop.advanceTime(by: .seconds(20)) }
        #expect(channel.isActive)
        _ = try channel.finish()
    }

    @Test("messages of one wake-up leave in one write, edited, and large ones are not copied")
    func gathering() throws {
        let (channel, consumer) = try open()
        let socket = try #require(consumer.socket)
        let message = ByteBuffer(string: #"{"id":1,"sessionId":"x"}"#)
        socket.send(message, edit: Edit(removing: 7..<23, inserting: []))
        socket.send(ByteBuffer(string: "{}"), edit: Edit(removing: 1..<1, inserting: [0x20]))
        #expect(try written(channel) == [])
        socket.flush()
        let both = [0x81, 8] + Array(#"{"id":1}"#.utf8) + [0x81, 3, 0x7b, 0x20, 0x7d]
        #expect(try written(channel) == [both])

        let large = ByteBuffer(repeating: 0x61, count: 70_000)
        socket.send(large, edit: Edit(removing: 69_999..<70_000, inserting: [0x62]))
        socket.flush()
        let pieces = try written(channel)
        #expect(pieces.map(\.count) == [10, 69_999, 1])
        #expect(pieces.first?.prefix(2) == [0x81, 127])
        #expect(pieces.last == [0x62])
        _ = try channel.finish()
    }

    @Test("one read of many messages is completed once")
    func batches() throws {
        let (channel, consumer) = try open()
        let frames = (0..<3).flatMap { SocketClient.frame(1, Array("\($0)".utf8)) }
        try channel.writeInbound(ByteBuffer(bytes: frames))
        #expect(consumer.heard == ["0", "1", "2", "|"])
        _ = try channel.finish()
    }

    @Test("a client that does not answer our close frame is cut off after 2 s")
    func closeTimeout() throws {
        let (channel, consumer) = try open()
        consumer.socket?.close(WebSocketClosure(4000, "deleted"))
        #expect(try written(channel) == [[0x88, 9, 0x0f, 0xa0] + Array("deleted".utf8)])
        consumer.socket?.send(ByteBuffer(string: "late"), isText: true)
        consumer.socket?.flush()
        #expect(try written(channel) == [])
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(consumer.heard == ["closed"])
    }

    @Test("a client that answers our close frame is let go at once")
    func closeAnswered() throws {
        let (channel, consumer) = try open()
        consumer.socket?.close(WebSocketClosure(4000, "deleted"))
        try channel.writeInbound(ByteBuffer(bytes: SocketClient.frame(8, [0x0f, 0xa0])))
        #expect(!channel.isActive)
        #expect(consumer.heard.last == "closed")
    }
}
