// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import Testing

@testable import BrowserFleetHTTP

@Suite("frames are read whole, bounded and strictly")
struct WebSocketReaderTests {
    /// Reads `bytes` in pieces of `size`, and says what came and how it was closed.
    private func read(
        _ bytes: [UInt8], piecesOf size: Int, longest: Int = 1000
    ) -> (events: [WebSocketEvent], closure: WebSocketClosure?) {
        var reader = WebSocketReader(longestMessage: longest)
        var (events, held) = ([WebSocketEvent](), ByteBuffer())
        for start in stride(from: 0, to: bytes.count, by: size) {
            held.writeBytes(bytes[start..<min(start + size, bytes.count)])
            do throws(WebSocketClosure) {
                try reader.read(&held, into: &events)
            } catch {
                return (events, error)
            }
        }
        return (events, nil)
    }

    private static let frame: @Sendable (UInt8, [UInt8], Bool, Bool) -> [UInt8] = {
        SocketClient.frame($0, $1, isFinal: $2, isMasked: $3)
    }

    private static let good: [([UInt8], [WebSocketEvent])] = [
        (frame(1, Array("hé".utf8), true, true), [.text(ByteBuffer(string: "hé"))]),
        (frame(1, [], true, true), [.text(ByteBuffer())]),
        (frame(2, [0, 255], true, true), [.binary(ByteBuffer(bytes: [0, 255]))]),
        (
            frame(1, Array(repeating: 0x61, count: 300), true, true),
            [.text(ByteBuffer(repeating: 0x61, count: 300))]
        ),
        (
            frame(1, Array("a".utf8), false, true) + frame(9, [1], true, true)
                + frame(0, [], false, true) + frame(0, Array("b".utf8), true, true)
                + frame(0xa, [], true, true),
            [.ping(ByteBuffer(bytes: [1])), .text(ByteBuffer(string: "ab")), .pong]
        ),
        (
            // A letter of two bytes cut in two.
            frame(1, [0xc3], false, true) + frame(0, [0xa9], true, true),
            [.text(ByteBuffer(string: "é"))]
        ),
        (frame(8, [], true, true) + frame(1, [0x61], true, true), [.close(nil)]),
        (
            frame(8, [0x0f, 0xa0] + Array("x".utf8), true, true),
            [.close(WebSocketClosure(4000, "x"))]
        ),
    ]

    @Test("what a client may send is read the same however it is cut")
    func accepted() {
        for (bytes, events) in Self.good {
            for size in [1, 2, 3, 7, bytes.count] {
                let result = read(bytes, piecesOf: size)
                #expect(result.events == events, "\(bytes.prefix(8)) by \(size)")
                #expect(result.closure == nil)
            }
        }
    }

    private static let bad: [([UInt8], UInt16)] = [
        (frame(1, [0x61], true, false), 1002),
        ([0xc1, 0x80, 0, 0, 0, 0], 1002),
        ([0x83, 0x80, 0, 0, 0, 0], 1002),
        (frame(9, [], false, true), 1002),
        (frame(9, Array(repeating: 0, count: 126), true, true), 1002),
        (frame(0, [], true, true), 1002),
        (frame(1, [], false, true) + frame(1, [], true, true), 1002),
        ([0x81, 0xfe, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5], 1002),
        ([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5], 1002),
        ([0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009),
        (frame(1, Array(repeating: 0x61, count: 1001), true, true), 1009),
        (
            frame(1, Array(repeating: 0x61, count: 600), false, true)
                + frame(0, Array(repeating: 0x61, count: 401), true, true), 1009
        ),
        (frame(1, [0xff], true, true), 1007),
        (frame(1, [0xed, 0xa0, 0x80], true, true), 1007),
        (frame(8, [3], true, true), 1002),
        (frame(8, [0x03, 0xed], true, true), 1002),
        (frame(8, [0x03, 0xe8, 0xff], true, true), 1007),
    ]

    @Test("what breaks RFC 6455 is closed with its code, however it is cut")
    func refused() {
        for (bytes, code) in Self.bad {
            for size in [1, 5, bytes.count] {
                let result = read(bytes, piecesOf: size)
                #expect(result.closure?.code == code, "\(bytes.prefix(8)) by \(size)")
                #expect(result.events.isEmpty)
            }
        }
    }

    @Test("a length over the limit is refused by its head alone")
    func early() {
        let head = Array(Self.frame(1, Array(repeating: 0x61, count: 1001), true, true).prefix(8))
        #expect(read(head, piecesOf: 8).closure?.code == 1009)
    }

    @Test(
        "random messages in random cuts come back the same", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func random(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var (bytes, expected) = ([UInt8](), [WebSocketEvent]())
        for _ in 0..<200 {
            let count = Int.random(in: 0...900, using: &generator)
            let payload = (0..<count).map { _ in UInt8.random(in: 0x20...0x7e, using: &generator) }
            bytes += Self.frame(1, payload, true, true)
            expected.append(.text(ByteBuffer(bytes: payload)))
        }
        let size = Int.random(in: 1...5000, using: &generator)
        let result = read(bytes, piecesOf: size)
        #expect(result.events == expected, "seed \(seed), pieces of \(size)")
    }
}
