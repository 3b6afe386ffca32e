// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The envelope of a message from the browser, its large parts as ranges of the message.
///
/// For those who make calls of their own; the bridge itself looks at the tail and the head only.
public struct CallAnswer: Equatable, Sendable {
    /// The number of the call that this answers; nil for an event.
    public private(set) var id: Int32?
    /// The name of the event; nil for an answer.
    public private(set) var method: String?
    /// The session it is from; nil for the root.
    public private(set) var sessionID: String?
    /// Where the result stands, when the call succeeded.
    public private(set) var result: Range<Int>?
    /// Where the error stands, when the call failed.
    public private(set) var error: Range<Int>?
    /// Where the parameters of an event stand.
    public private(set) var params: Range<Int>?

    /// Reads the envelope of `message`; nil if that is not an object or not JSON.
    public static func parse(_ message: borrowing Span<UInt8>) -> CallAnswer? {
        var answer = CallAnswer()
        let start = JSONText.skipSpace(message, at: 0)
        guard start < message.count, message[start] == JSONByte.openBrace else { return nil }
        var index = JSONText.skipSpace(message, at: start + 1)
        if index < message.count, message[index] == JSONByte.closeBrace { return answer }
        while let first = JSONText.skipName(message, at: index) {
            guard let nameEnd = JSONText.skipString(message, at: index),
                let end = JSONText.skipValue(message, at: first, depth: 1)
            else { return nil }
            let name = JSONReader.string(message, in: index + 1..<nameEnd - 1)
            answer.take(name, message, in: first..<end)
            index = JSONText.skipSpace(message, at: end)
            guard index < message.count else { return nil }
            if message[index] == JSONByte.closeBrace { return answer }
            guard message[index] == JSONByte.comma else { return nil }
            index = JSONText.skipSpace(message, at: index + 1)
        }
        return nil
    }

    private mutating func take(
        _ name: String, _ message: borrowing Span<UInt8>, in range: Range<Int>
    ) {
        switch name {
        case "id": id = CallNumber.read(message, in: range)
        case "method": method = Self.string(message, in: range)
        case "sessionId": sessionID = Self.string(message, in: range)
        case "result": result = range
        case "error": error = range
        case "params": params = range
        default: break
        }
    }

    private static func string(
        _ message: borrowing Span<UInt8>, in range: Range<Int>
    ) -> String? {
        guard message[range.lowerBound] == JSONByte.quote else { return nil }
        return JSONReader.string(message, in: range.lowerBound + 1..<range.upperBound - 1)
    }
}

/// Reads the numbers that Chromium takes for a call's `id`.
enum CallNumber {
    /// The number that `range` of `message` spells in plain digits, if it has 32 bits.
    static func read(_ message: borrowing Span<UInt8>, in range: Range<Int>) -> Int32? {
        let isNegative = message[range.lowerBound] == JSONByte.minus
        let digits = isNegative ? range.dropFirst() : range
        guard !digits.isEmpty, digits.count <= 10 else { return nil }
        var value: Int64 = 0
        for index in digits {
            guard JSONByte.isDigit(message[index]) else { return nil }
            value = value * 10 + Int64(message[index] - JSONByte.zero)
        }
        return Int32(exactly: isNegative ? -value : value)
    }
}
