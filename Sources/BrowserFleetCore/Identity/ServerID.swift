// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The name an operator gives a server in the registry, in health answers and in logs.
///
/// 3 to 128 of `a-z A-Z 0-9 _ - .`, without `..` and none of the reserved words. It need not be a
/// DNS name and does not appear in browser IDs; that is the ``ServerName``.
public struct ServerID: Hashable, Sendable {
    /// The ID as it was given; upper and lower case differ.
    public let text: String

    /// How many bytes an ID may have.
    public static let allowedLength = 3...128

    /// Words that are never an ID, in whatever case they are written.
    public static let reservedWords = ["null", "admin", "root", "system"]

    /// Checks `text`.
    ///
    /// - Throws: ``ServerIDError`` for the first fault found, with what to do about it.
    public init(_ text: String) throws(ServerIDError) {
        if let kind = Self.fault(in: text) {
            throw ServerIDError(kind, in: text)
        }
        self.text = text
    }

    private static func fault(in text: String) -> ServerIDError.Code.Kind? {
        let bytes = text.utf8
        if bytes.isEmpty { return .empty }
        if text.contains("..") || text.contains("//") { return .pathTraversal }
        if !bytes.allSatisfy(isAllowed) { return .character }
        if bytes.count < allowedLength.lowerBound { return .tooShort }
        if bytes.count > allowedLength.upperBound { return .tooLong }
        let lowerCase = String(decoding: bytes.map(ASCII.lowerCased), as: UTF8.self)
        return reservedWords.contains(lowerCase) ? .reserved : nil
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        ASCII.isLetterOrDigit(byte) || byte == ASCII.underscore || byte == ASCII.hyphen
            || byte == ASCII.dot
    }
}

extension ServerID: Comparable {
    /// The order of the bytes of the texts.
    public static func < (left: ServerID, right: ServerID) -> Bool {
        left.text < right.text
    }
}

extension ServerID: CustomStringConvertible {
    /// The ID as it was given.
    public var description: String { text }
}

/// Why a text is not a ``ServerID``, and what to write instead.
public struct ServerIDError: Error, Hashable, Sendable {
    /// The kind of fault, for programs.
    public let code: Code

    private let text: String

    init(_ kind: Code.Kind, in text: String) {
        self.code = Code(kind)
        self.text = text
    }
}

extension ServerIDError {
    /// The kinds of fault a server ID can have. New kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String, CaseIterable {
            case empty, tooShort, tooLong, character, pathTraversal, reserved
        }

        let kind: Kind

        init(_ kind: Kind) {
            self.kind = kind
        }

        /// There is no text at all.
        public static let empty = Code(.empty)
        /// The ID has fewer than 3 bytes.
        public static let tooShort = Code(.tooShort)
        /// The ID has more than 128 bytes.
        public static let tooLong = Code(.tooLong)
        /// There is a character outside `a-z A-Z 0-9 _ - .`.
        public static let character = Code(.character)
        /// There is a `..` or a `//`, with which a path could be left.
        public static let pathTraversal = Code(.pathTraversal)
        /// The ID is one of ``ServerID/reservedWords``.
        public static let reserved = Code(.reserved)

        /// The kind as one word.
        public var description: String { kind.rawValue }
    }
}

extension ServerIDError: CustomStringConvertible {
    /// What is wrong and how to mend it, in one line for people.
    public var description: String {
        let length = ServerID.allowedLength
        return switch code.kind {
        case .empty:
            "the server ID is empty; give it \(length.lowerBound) to \(length.upperBound) of "
                + "a-z A-Z 0-9 _ - ."
        case .tooShort:
            "the server ID \(Quoted(text)) is too short; it needs \(length.lowerBound) characters"
        case .tooLong:
            "the server ID \(Quoted(text)) is too long; it may have \(length.upperBound) characters"
        case .character:
            "the server ID \(Quoted(text)) has a character that is none of a-z A-Z 0-9 _ - ."
        case .pathTraversal:
            "the server ID \(Quoted(text)) has \"..\" or \"//\" in it; remove that"
        case .reserved:
            "the server ID \(Quoted(text)) is a reserved word; choose another, such as server-1"
        }
    }
}
