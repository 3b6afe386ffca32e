// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Measures some round trips of one socket: from a client's call to its answer.
///
/// One call in 32 is measured, because reading the clock costs about as much as a message. The
/// answer is known by its first bytes: Chromium writes `{"id":17,` and then the rest. A call that
/// does not begin with its number, with or without a space in front of it, is not measured.
struct RoundTripProbe: Sendable {
    private static let sampling = 32
    private static let longestID = 16
    private static let opening = Array(#"{"id":"#.utf8)

    private var untilSample = 0
    private var expected: [UInt8] = []
    private var began: NIODeadline?

    /// A client's message goes to the browser.
    mutating func sent(_ message: ByteBuffer, now: () -> NIODeadline = NIODeadline.now) {
        guard untilSample == 0 else {
            untilSample -= 1
            return
        }
        guard let prefix = Self.prefix(of: message.readableBytesView) else { return }
        untilSample = Self.sampling - 1
        expected = prefix
        began = now()
    }

    /// A browser's message goes to the client; the time since its call if it was measured.
    mutating func received(
        _ message: ByteBuffer, now: () -> NIODeadline = NIODeadline.now
    ) -> TimeAmount? {
        guard let began, message.readableBytesView.starts(with: expected) else { return nil }
        self.began = nil
        return now() - began
    }

    /// How the answer of a call begins.
    private static func prefix(of bytes: ByteBufferView) -> [UInt8]? {
        guard bytes.starts(with: opening) else { return nil }
        let digits = bytes.dropFirst(opening.count).drop { $0 == UInt8(ascii: " ") }
            .prefix(longestID + 1)
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...longestID).contains(digits.count) else { return nil }
        return opening + Array(digits) + [UInt8(ascii: ",")]
    }
}
