// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A proxy's reply to CONNECT, read from bytes as they come.
///
/// Read here and not by the general decoder because what follows the head belongs to the tunnel,
/// which the general decoder, not knowing the question, would take for another reply.
struct ConnectReply {
    /// What the bytes so far amount to.
    enum Reading: Equatable {
        /// The head is not over.
        case incomplete
        /// A final status from 200 to 599, and the bytes after the head.
        case status(Int, rest: [UInt8])
        /// No HTTP/1 reply, or a head over the bound.
        case malformed
    }

    private var bytes: [UInt8] = []
    /// No head ends in so many of the first bytes.
    private var searched = 0
    private let bound: Int

    /// - Parameter bound: bytes that the head may have, interim replies included.
    init(bound: Int) {
        self.bound = bound
    }

    /// Takes more bytes; interim replies (1xx) are passed over.
    mutating func take(_ more: some Sequence<UInt8>) -> Reading {
        bytes.append(contentsOf: more)
        while let end = endOfHead() {
            guard let status = Self.status(in: bytes[..<end]) else { return .malformed }
            bytes.removeFirst(end)
            searched = 0
            guard (100...199).contains(status), status != 101 else {
                return .status(status, rest: bytes)
            }
        }
        return bytes.count > bound || !isPlausible ? .malformed : .incomplete
    }

    /// Looks at each byte once, however small the pieces are in which they come.
    private mutating func endOfHead() -> Int? {
        let mark: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a]
        let end = min(bytes.count, bound + mark.count)
        while searched + mark.count <= end {
            if bytes[searched..<(searched + mark.count)].elementsEqual(mark) {
                return searched + mark.count
            }
            searched += 1
        }
        return nil
    }

    /// So that a peer which speaks something else is not waited for.
    private var isPlausible: Bool {
        zip(bytes, "HTTP/1.".utf8).allSatisfy { $0 == $1 }
    }

    /// The status of `HTTP/1.x SSS`, a space or the line's end after it.
    private static func status(in head: ArraySlice<UInt8>) -> Int? {
        let line = head.prefix { $0 != 0x0d }
        let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2,
            parts[0].elementsEqual("HTTP/1.1".utf8)
                || parts[0].elementsEqual("HTTP/1.0".utf8),
            parts[1].count == 3, let status = Int(String(decoding: parts[1], as: UTF8.self)),
            (100...599).contains(status)
        else { return nil }
        return status
    }
}
