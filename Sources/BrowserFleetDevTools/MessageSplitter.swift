// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Cuts the NUL-terminated stream of a DevTools pipe into messages, without copying those that
/// arrive whole and without looking at any byte twice.
struct MessageSplitter {
    /// The beginning of a message whose end has not come yet.
    private var unfinished: ByteBuffer?
    /// A message that the last read completed.
    private var completed: ByteBuffer?
    /// What the last read holds beyond that.
    private var unread: ByteBuffer?

    /// Takes what was read; call ``next()`` until it answers nil before the next read.
    mutating func append(_ read: ByteBuffer) {
        guard var beginning = unfinished else {
            unread = read
            return
        }
        unfinished = nil
        var read = read
        let length = read.lengthToNUL ?? read.readableBytes
        let isComplete = length < read.readableBytes
        if var more = read.readSlice(length: length) { beginning.writeBuffer(&more) }
        guard isComplete else {
            unfinished = beginning
            return
        }
        completed = beginning
        read.moveReaderIndex(forwardBy: 1)
        unread = read
    }

    /// The next whole message, without its NUL; nil when more has to be read first.
    mutating func next() -> ByteBuffer? {
        if let message = completed {
            completed = nil
            return message
        }
        guard var bytes = unread else { return nil }
        unread = nil
        guard bytes.readableBytes > 0 else { return nil }
        guard let length = bytes.lengthToNUL else {
            unfinished = bytes
            return nil
        }
        let message = bytes.readSlice(length: length)
        bytes.moveReaderIndex(forwardBy: 1)
        if bytes.readableBytes > 0 { unread = bytes }
        return message
    }
}

extension ByteBuffer {
    /// How many readable bytes stand before the first NUL; nil if there is none.
    fileprivate var lengthToNUL: Int? {
        unsafe withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress else { return nil }
            guard let found = unsafe memchr(start, 0, bytes.count) else { return nil }
            return unsafe UnsafeRawPointer(found) - start
        }
    }
}
