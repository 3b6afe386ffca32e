// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The ends of a message from the browser.
///
/// Chromium writes `"sessionId"` last and `"id"` or `"method"` first, so a message of any size is
/// routed by its first and last bytes. A tail of exactly `,"sessionId":"…"}` proves itself: its
/// brace closes the message, so the key before it is one of depth one, and inside a string the
/// quotes would have backslashes. Anything else is read by `CallAnswer`, the slow way.
struct BrowserEnvelope: Equatable, Sendable {
    /// What the message is.
    enum Kind: Equatable, Sendable {
        case answer(Int32)
        /// An event; the range is its name, between the quotes.
        case event(Range<Int>)
        case other
    }

    /// The bytes `,"sessionId":"` in front of a session's name.
    private static let label: StaticString = ",\"sessionId\":\""
    private static let labelLength = 14
    /// The label, the name, and the closing quote: what a root session's client must not see.
    static let tailLength = labelLength + SessionKey.length + 1

    /// The session at the tail of `message`, nil if its end is not what Chromium writes.
    @inline(__always)
    static func session(_ message: borrowing Span<UInt8>) -> SessionKey? {
        let tail = message.count - tailLength - 1
        guard tail > 0, message[message.count - 1] == JSONByte.closeBrace,
            message[message.count - 2] == JSONByte.quote, message.holds(label, at: tail)
        else { return nil }
        return SessionKey(message, at: tail + labelLength)
    }

    /// What the head of `message` says it is.
    @inline(__always)
    static func kind(_ message: borrowing Span<UInt8>) -> Kind {
        if message.holds("{\"id\":", at: 0) {
            var end = 6
            while end < message.count, message[end] != JSONByte.comma, end < 20 { end += 1 }
            guard end > 6, let id = CallNumber.read(message, in: 6..<end) else { return .other }
            return .answer(id)
        }
        guard message.holds("{\"method\":\"", at: 0) else { return .other }
        var end = 11
        while end < message.count, message[end] != JSONByte.quote { end += 1 }
        return .event(11..<end)
    }
}
