// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetRedis

@Suite("Replies of Redis")
struct RedisReplyReaderTests {
    private static func replies(_ text: String, in pieces: Int) throws -> [RedisReply] {
        let reader = RedisReplyReader()
        let bytes = Array(text.utf8)
        var replies: [RedisReply] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            let piece = Array(bytes[start..<min(start + pieces, bytes.count)])
            try unsafe piece.withUnsafeBytes { unsafe try reader.feed($0) }
            while let reply = try reader.next() { replies.append(reply) }
        }
        return replies
    }

    @Test("are the same in whatever pieces they come", arguments: [1, 2, 3, 7, 1000])
    func pieces(size: Int) throws {
        let text =
            "+OK\r\n:-42\r\n$4\r\na\r\nb\r\n$-1\r\n-ERR no\r\n"
            + "*2\r\n*1\r\n:1\r\n*-1\r\n$0\r\n\r\n"
        #expect(
            try Self.replies(text, in: size) == [
                .text("OK"), .integer(-42), .text("a\r\nb"), .null, .failure("ERR no"),
                .array([.array([.integer(1)]), .null]), .text(""),
            ])
    }

    @Test(
        "that are no protocol end the reading",
        arguments: ["HTTP/1.1 400\r\n", ":x\r\n", "*z\r\n"])
    func garbage(text: String) {
        #expect(throws: RedisReplyReader.Failure.self) { try Self.replies(text, in: 1000) }
    }
}
