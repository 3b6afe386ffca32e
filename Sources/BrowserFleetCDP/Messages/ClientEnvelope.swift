// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The keys of depth one of a client's message, found by one scan over all of it.
///
/// The scan is strict, so that the bridge and Chromium can never read a message differently:
/// escapes in keys count (Chromium takes `"session\u0049d"`), a key twice does not pass.
struct ClientEnvelope: Equatable, Sendable {
    /// Whom a message is for.
    enum Session: Equatable, Sendable {
        /// No `sessionId`: the client's root session.
        case root
        case named(SessionKey)
        /// A string that is no session's name, the empty one included.
        case unknown
    }

    /// The number of the call, nil if there is none of 32 bits in plain digits.
    fileprivate(set) var id: Int32?
    /// Where the method's name stands, between its quotes.
    fileprivate(set) var method: Range<Int>?
    /// Where the value of `params` stands.
    fileprivate(set) var params: Range<Int>?
    /// Whom it is for.
    fileprivate(set) var session = Session.root
    /// What is wrong with it, if anything is; the first thing in the order Chromium looks.
    fileprivate(set) var error: CallError?
    /// Where the closing brace stands.
    fileprivate(set) var closingBrace = 0

    fileprivate var seen: UInt8 = 0
    fileprivate var hasDuplicate = false
    fileprivate var hasUnknown = false
    fileprivate var hasBadSession = false

    /// Scans `message`; nil if that is not JSON or not an object.
    static func scan(_ message: borrowing Span<UInt8>) -> ClientEnvelope? {
        var envelope = ClientEnvelope()
        let start = JSONText.skipSpace(message, at: 0)
        guard start < message.count, message[start] == JSONByte.openBrace else { return nil }
        var index = JSONText.skipSpace(message, at: start + 1)
        if index < message.count, message[index] == JSONByte.closeBrace {
            return envelope.finish(message, closingBrace: index)
        }
        while true {
            guard let value = JSONText.skipName(message, at: index),
                let end = JSONText.skipValue(message, at: value, depth: 1)
            else { return nil }
            envelope.take(message, name: index, value: value..<end)
            index = JSONText.skipSpace(message, at: end)
            guard index < message.count else { return nil }
            if message[index] == JSONByte.closeBrace {
                return envelope.finish(message, closingBrace: index)
            }
            guard message[index] == JSONByte.comma else { return nil }
            index = JSONText.skipSpace(message, at: index + 1)
        }
    }
}

extension ClientEnvelope {
    private enum Key: UInt8 {
        case id = 1
        case method = 2
        case params = 4
        case sessionId = 8
    }

    /// Which key the name at `quote` spells, escapes resolved.
    private static func key(_ message: borrowing Span<UInt8>, at quote: Int) -> Key? {
        switch message[quote + 1] {
        case UInt8(ascii: "i") where message.holds("\"id\"", at: quote): .id
        case UInt8(ascii: "m") where message.holds("\"method\"", at: quote): .method
        case UInt8(ascii: "p") where message.holds("\"params\"", at: quote): .params
        case UInt8(ascii: "s") where message.holds("\"sessionId\"", at: quote): .sessionId
        default: escapedKey(message, at: quote)
        }
    }

    private static func escapedKey(_ message: borrowing Span<UInt8>, at quote: Int) -> Key? {
        guard let end = JSONText.skipString(message, at: quote) else { return nil }
        // Six bytes for each of the nine letters of the longest key.
        guard end - quote <= 2 + 6 * 9 else { return nil }
        switch JSONReader.string(message, in: quote + 1..<end - 1) {
        case "id": return .id
        case "method": return .method
        case "params": return .params
        case "sessionId": return .sessionId
        default: return nil
        }
    }

    fileprivate mutating func take(
        _ message: borrowing Span<UInt8>, name: Int, value: Range<Int>
    ) {
        guard let key = Self.key(message, at: name) else {
            hasUnknown = true
            return
        }
        if seen & key.rawValue != 0 { hasDuplicate = true }
        seen |= key.rawValue
        let isString = message[value.lowerBound] == JSONByte.quote
        let inside = isString ? value.lowerBound + 1..<value.upperBound - 1 : value
        switch key {
        case .id: id = CallNumber.read(message, in: value)
        case .method: method = isString ? inside : nil
        case .params: params = value
        case .sessionId:
            session = isString ? Self.session(message, in: inside) : .unknown
            if !isString { hasBadSession = true }
        }
    }

    private static func session(
        _ message: borrowing Span<UInt8>, in range: Range<Int>
    ) -> Session {
        if range.count == SessionKey.length {
            return SessionKey(message, at: range.lowerBound).map(Session.named) ?? .unknown
        }
        // Escapes make a name longer, at most sixfold.
        guard range.count <= 6 * SessionKey.length else { return .unknown }
        return SessionKey(JSONReader.string(message, in: range)).map(Session.named) ?? .unknown
    }

    /// Nil when something follows the object.
    fileprivate mutating func finish(
        _ message: borrowing Span<UInt8>, closingBrace: Int
    ) -> ClientEnvelope? {
        guard JSONText.skipSpace(message, at: closingBrace + 1) == message.count else { return nil }
        self.closingBrace = closingBrace
        error =
            if hasDuplicate {
                .duplicateProperty
            } else if id == nil {
                .noID
            } else if method == nil {
                .noMethod
            } else if hasBadSession {
                .badSession
            } else if hasUnknown {
                .unknownProperty
            } else if let id, CallID.isOwn(id) {
                .reservedID
            } else {
                nil
            }
        return self
    }
}
