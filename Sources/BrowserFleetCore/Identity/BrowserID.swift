// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The name of one browser, which says in itself which server owns it: `{server}_{local}`.
///
/// The server part is a ``ServerPrefix``; the local part is a random UUID for browsers we make,
/// and on reading 1 to 64 of `A-Z a-z 0-9 -`. The local part never decides where a call goes. An
/// ID without a server part is valid too (``server`` is `nil`): such IDs come from deployments
/// of one server, and go to the fallback server.
///
/// Two IDs are equal when their texts are equal, byte for byte. The text is kept as it came and
/// checked once; decoding allocates nothing beyond it.
public struct BrowserID: Sendable {
    /// The whole ID.
    public let text: String

    /// How many bytes stand in front of the underscore; `nil` if there is none.
    private let serverLength: Int?

    /// The most bytes a local part may have.
    public static let longestLocalPart = 64

    /// The most bytes an ID can have: no encoding doubles a name of 253 bytes and more.
    public static let longestText = 2 * ServerName.longestName + 1 + longestLocalPart

    /// Checks `text`.
    ///
    /// - Throws: ``DecodeError`` for the first fault found.
    public init(decoding text: String) throws(DecodeError) {
        let (underscore, fault) = text.utf8.withBytes(Self.examine)
        if let fault { throw fault }
        self.text = text
        self.serverLength = underscore
    }

    /// Puts an ID together for a browser of `server`.
    ///
    /// - Throws: ``DecodeError`` if `local` is not 1 to 64 of `A-Z a-z 0-9 -`.
    public init(server: ServerName, local: String) throws(DecodeError) {
        let fault = local.utf8.withBytes { LocalPartScan.fault(in: $0, from: 0) }
        if let fault { throw fault.moved(by: server.prefix.text.utf8.count + 1) }
        self.init(checked: server, local: local)
    }

    private init(checked server: ServerName, local: String) {
        self.text = "\(server.prefix.text)_\(local)"
        self.serverLength = server.prefix.text.utf8.count
    }

    /// Makes the ID of a new browser of `server`, with a random UUID of version 4.
    ///
    /// The 122 random bits come from `generator`. An ID is not a secret, but a row of predictable
    /// ones can collide after a restart: outside of tests and simulations pass the system's
    /// generator.
    public static func mint(
        server: ServerName, using generator: inout some RandomNumberGenerator
    ) -> BrowserID {
        BrowserID(checked: server, local: UUIDv4(using: &generator).description)
    }

    /// Where the underscore is, if there is one, and what is wrong, if anything is.
    private static func examine(_ bytes: Span<UInt8>) -> (underscore: Int?, fault: DecodeError?) {
        guard bytes.count > 0 else { return (nil, DecodeError(.empty, at: 0)) }
        guard bytes.count <= longestText else {
            return (nil, DecodeError(.tooLong, at: longestText))
        }
        var position = 0
        while position < bytes.count, bytes[position] != ASCII.underscore { position += 1 }
        guard position < bytes.count else {
            return (nil, LocalPartScan.fault(in: bytes, from: 0))
        }
        let fault =
            PrefixScan.fault(in: bytes, count: position)
            ?? LocalPartScan.fault(in: bytes, from: position + 1)
        return (position, fault)
    }
}

extension BrowserID {
    /// The server part, as a slice of ``text``; `nil` if the ID has none.
    public var serverPrefix: ServerPrefix? {
        guard let serverLength else { return nil }
        let bytes = text.utf8
        let end = bytes.index(bytes.startIndex, offsetBy: serverLength)
        return ServerPrefix(checked: text[..<end])
    }

    /// The name of the owning server, decoded anew at each call; `nil` if the ID has none.
    ///
    /// To look a server up, ``serverPrefix`` is enough and costs no allocation.
    public var server: ServerName? {
        serverPrefix.map(ServerName.init(decoding:))
    }

    /// What stands behind the underscore, or the whole ID if there is none.
    public var localPart: Substring {
        let bytes = text.utf8
        let skipped = serverLength.map { $0 + 1 } ?? 0
        return text[bytes.index(bytes.startIndex, offsetBy: skipped)...]
    }

    /// Whether the ID names `server` as its owner. An ID without a server part names nobody.
    ///
    /// Allocates nothing.
    public func belongs(to server: ServerName) -> Bool {
        let prefix = server.prefix.text.utf8
        guard serverLength == prefix.count else { return false }
        return text.utf8.withBytes { mine in
            prefix.withBytes { its in its.indices.allSatisfy { mine[$0] == its[$0] } }
        }
    }
}

extension BrowserID: Hashable, Comparable {
    /// Whether both texts are the same.
    public static func == (left: BrowserID, right: BrowserID) -> Bool {
        left.text == right.text
    }

    /// The order of the bytes of the texts; it says nothing about age.
    public static func < (left: BrowserID, right: BrowserID) -> Bool {
        left.text < right.text
    }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

extension BrowserID: LosslessStringConvertible {
    /// The whole ID; decoding it gives this ID again.
    public var description: String { text }

    /// Checks `description`; `nil` where ``init(decoding:)`` would say what is wrong.
    public init?(_ description: String) {
        guard let id = try? BrowserID(decoding: description) else { return nil }
        self = id
    }
}
