// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a ``BrowserID`` (or not a ``ServerPrefix``).
public struct DecodeError: Error, Hashable, Sendable {
    /// The kind of fault, for programs.
    public let code: Code

    /// How many bytes of the text come before the fault.
    public let position: Int

    private let byte: UInt8

    init(_ kind: Code.Kind, at position: Int, byte: UInt8 = 0) {
        self.code = Code(kind)
        self.position = position
        self.byte = byte
    }

    /// The same fault in a text that begins `offset` bytes earlier.
    func moved(by offset: Int) -> DecodeError {
        DecodeError(code.kind, at: position + offset, byte: byte)
    }
}

extension DecodeError {
    /// The kinds of fault a browser ID can have. New kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String, CaseIterable {
            case empty, tooLong
            case serverMissing, serverTooLong, serverCharacter, upperCase
            case oddHyphens, hyphenAtEdge, labelTooLong
            case localMissing, localTooLong, localCharacter
        }

        let kind: Kind

        init(_ kind: Kind) {
            self.kind = kind
        }

        /// There is no text at all.
        public static let empty = Code(.empty)
        /// The text is longer than any ID can be.
        public static let tooLong = Code(.tooLong)
        /// Nothing stands in front of the underscore.
        public static let serverMissing = Code(.serverMissing)
        /// The server name has more than 253 bytes once decoded.
        public static let serverTooLong = Code(.serverTooLong)
        /// The server part has a character that is neither letter nor digit nor hyphen.
        public static let serverCharacter = Code(.serverCharacter)
        /// The server part has an upper-case letter.
        public static let upperCase = Code(.upperCase)
        /// The server part has an odd run of more than one hyphen, which stands for nothing.
        public static let oddHyphens = Code(.oddHyphens)
        /// The server part begins or ends with a hyphen.
        public static let hyphenAtEdge = Code(.hyphenAtEdge)
        /// A label of the server name has more than 63 bytes once decoded.
        public static let labelTooLong = Code(.labelTooLong)
        /// Nothing stands behind the underscore.
        public static let localMissing = Code(.localMissing)
        /// The part behind the underscore has more than 64 bytes.
        public static let localTooLong = Code(.localTooLong)
        /// The part behind the underscore has a character outside `A-Z a-z 0-9 -`.
        public static let localCharacter = Code(.localCharacter)

        /// The kind as one word.
        public var description: String { kind.rawValue }
    }
}

extension DecodeError: CustomStringConvertible {
    /// What is wrong, where, and what is written there instead; one line for people.
    public var description: String {
        let place = "at position \(position + 1)"
        return switch code.kind {
        case .empty:
            "the browser ID is empty; write {server}_{uuid}, as the create call answered it"
        case .tooLong:
            "the browser ID has more than \(BrowserID.longestText) bytes"
        case .serverMissing:
            "the browser ID has no server in front of its underscore"
        case .serverTooLong:
            "the browser ID names a server of more than \(ServerName.longestName) bytes"
        case .serverCharacter:
            "the server part of the browser ID has \(ASCII.spelled(byte)) \(place); "
                + "only a-z, 0-9 and hyphens stand in front of the underscore"
        case .upperCase:
            "the server part of the browser ID has \(ASCII.spelled(byte)) \(place); "
                + "it is written in lower case"
        case .oddHyphens:
            "the server part of the browser ID has an odd run of hyphens \(place); "
                + "one stands for a dot, two for a hyphen"
        case .hyphenAtEdge:
            "the server part of the browser ID has a hyphen at its edge \(place)"
        case .labelTooLong:
            "the server part of the browser ID has a label of more than "
                + "\(ServerName.longestLabel) bytes \(place)"
        case .localMissing:
            "the browser ID has nothing behind its underscore"
        case .localTooLong:
            "the browser ID has more than \(BrowserID.longestLocalPart) bytes behind the server"
        case .localCharacter:
            "the browser ID has \(ASCII.spelled(byte)) \(place); "
                + "only A-Z, a-z, 0-9 and hyphens stand behind the server"
        }
    }
}
