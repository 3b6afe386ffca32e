// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A value that is stored and sent as one text, and checked again when it is read.
public protocol TextCoded: Codable {
    /// The text that ``init(codedText:)`` makes an equal value of.
    var codedText: String { get }

    /// Reads the value back; throws what is wrong with the text.
    init(codedText: String) throws
}

extension TextCoded {
    /// Reads one text and checks it.
    public init(from decoder: any Decoder) throws {
        try self.init(codedText: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes one text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(codedText)
    }
}

extension ServerID: TextCoded {
    /// The ID as it was given.
    public var codedText: String { text }

    /// Checks an ID that was stored.
    public init(codedText: String) throws { try self.init(codedText) }
}

extension ServerName: TextCoded {
    /// The name as DNS writes it.
    public var codedText: String { text }

    /// Checks a name that was stored.
    public init(codedText: String) throws { try self.init(codedText) }
}

extension UUIDv4: TextCoded {
    /// The 36 characters.
    public var codedText: String { description }

    /// Checks a UUID that was stored or sent.
    public init(codedText: String) throws {
        guard let uuid = UUIDv4(codedText) else {
            throw StoreRefusal.invalid(field: "process", advice: "a random UUID (version 4)")
        }
        self = uuid
    }
}
