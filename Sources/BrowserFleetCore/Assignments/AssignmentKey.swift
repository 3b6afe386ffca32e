// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What sticks to one server: a device, a profile, a user. 1 to 256 visible ASCII characters, so
/// that every store orders and compares it alike.
public struct AssignmentKey: Hashable, Sendable {
    /// The key as it was given.
    public let text: String

    /// The most bytes of a key.
    public static let mostBytes = 256

    /// Checks `text`.
    public init(_ text: String) throws(StoreRefusal) {
        guard (1...Self.mostBytes).contains(text.utf8.count) else {
            throw .invalid(field: "key", advice: "1 to \(Self.mostBytes) characters")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .invalid(
                field: "key",
                advice: "visible ASCII characters only; encode others, with percent signs say")
        }
        self.text = text
    }
}

extension AssignmentKey: TextCoded {
    /// The key as it was given.
    public var codedText: String { text }

    /// Checks a key that was stored.
    public init(codedText: String) throws { try self.init(codedText) }
}

extension AssignmentKey: CustomStringConvertible {
    /// The key as it was given.
    public var description: String { text }
}
