// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import CHiredis

/// Cuts the bytes of a connection into replies: hiredis's own reader, fed by NIO.
///
/// Not for use from two threads at once: a connection's event loop has it.
@safe final class RedisReplyReader {
    /// The bytes are not Redis's protocol, or there is no memory.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    // `nil` only if there was no memory; every use fails then.
    private let reader: UnsafeMutablePointer<redisReader>?

    init() {
        unsafe reader = redisReaderCreate()
    }

    deinit {
        unsafe redisReaderFree(reader)
    }

    /// Adds bytes as they came.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        let status = unsafe redisReaderFeed(
            reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        guard status == REDIS_OK else { throw failure }
    }

    /// The next whole reply; `nil` if more bytes are needed.
    func next() throws(Failure) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(reader, &object) == REDIS_OK else { throw failure }
        guard let object = unsafe object else { return nil }
        defer { unsafe freeReplyObject(object) }
        return unsafe Self.reply(object.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private var failure: Failure {
        guard let reader = unsafe reader else { return Failure(description: "no memory") }
        let text = unsafe withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return Failure(description: text)
    }

    private static func reply(_ reply: redisReply) -> RedisReply {
        switch unsafe reply.type {
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: unsafe .text(text(of: reply))
        case REDIS_REPLY_INTEGER: unsafe .integer(reply.integer)
        case REDIS_REPLY_ARRAY: unsafe .array(members(of: reply))
        case REDIS_REPLY_ERROR: unsafe .failure(text(of: reply))
        case _: .null
        }
    }

    private static func text(of reply: redisReply) -> String {
        let bytes = unsafe UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private static func members(of reply: redisReply) -> [RedisReply] {
        let elements = unsafe UnsafeBufferPointer(start: reply.element, count: Int(reply.elements))
        return unsafe elements.map { element in
            unsafe element.map { unsafe self.reply($0.pointee) } ?? .null
        }
    }
}
