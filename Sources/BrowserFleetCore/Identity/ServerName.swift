// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The DNS name by which a server is known, checked and in lower case.
///
/// One to 253 bytes, made of labels of 1 to 63 letters, digits and inner hyphens that are joined
/// by dots (RFC 1123 section 2.1). It carries no port: a port belongs to a ``ServerEndpoint``, so
/// two servers on one host need two names. Nothing may be dialled because a name says so; names
/// are looked up in a ``ServerDirectory``.
///
/// See `Docs/BrowserID.md` for the way a name is written inside a browser ID.
public struct ServerName: Sendable {
    /// The name as DNS writes it, such as `server1.scrapingdog.com`.
    public let text: String

    /// The name as a browser ID writes it, such as `server1-scrapingdog-com`.
    public let prefix: ServerPrefix

    /// The most bytes a name may have.
    public static let longestName = 253

    /// The most bytes one label may have.
    public static let longestLabel = 63

    /// Checks `text` and puts it into lower case.
    ///
    /// - Throws: ``ServerNameError`` for the first fault found, with what to do about it.
    public init(_ text: some StringProtocol) throws(ServerNameError) {
        let bytes = text.utf8.map(ASCII.lowerCased)
        if let fault = ServerNameError.Fault(in: bytes) {
            throw ServerNameError(fault, in: String(text))
        }
        self.init(checked: bytes)
    }

    /// Reads the name back from the form it has in a browser ID.
    public init(decoding prefix: ServerPrefix) {
        self.text = prefix.decodedText()
        self.prefix = prefix
    }

    /// The name of a pool that is embedded without one: its IDs are for this process only.
    public static let localhost = ServerName(checked: Array("localhost".utf8))

    private init(checked bytes: [UInt8]) {
        self.text = String(decoding: bytes, as: UTF8.self)
        self.prefix = ServerPrefix(encoding: bytes)
    }

    /// Whether this name lies below `suffix`, by whole labels and at any depth.
    ///
    /// A name does not lie below itself.
    public func isBelow(_ suffix: ServerName) -> Bool {
        let (name, end) = (text.utf8, suffix.text.utf8)
        guard name.count > end.count, name.suffix(end.count).elementsEqual(end) else {
            return false
        }
        return name.dropLast(end.count).last == ASCII.dot
    }
}

// Both stored properties say the same, so one of them is enough to compare and to hash.
extension ServerName: Hashable, Comparable {
    /// Whether both are the same name.
    public static func == (left: ServerName, right: ServerName) -> Bool {
        left.text == right.text
    }

    /// The order of the bytes of the names.
    public static func < (left: ServerName, right: ServerName) -> Bool {
        left.text < right.text
    }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

extension ServerName: CustomStringConvertible {
    /// The name as DNS writes it.
    public var description: String { text }
}
