// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a ``ServerName``, and what to write instead.
public struct ServerNameError: Error, Hashable, Sendable {
    /// The kind of fault, for programs.
    public let code: Code

    /// What is wrong and how to mend it, in one line for people.
    public let message: String

    init(_ fault: Fault, in text: String) {
        self.code = Code(fault.kind)
        self.message = fault.message(for: text)
    }
}

extension ServerNameError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension ServerNameError {
    /// The kinds of fault a server name can have. New kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String, CaseIterable {
            case empty, tooLong, emptyLabel, trailingDot, labelTooLong, hyphenAtEdge
            case underscore, port, address, notASCII, character
        }

        let kind: Kind

        init(_ kind: Kind) {
            self.kind = kind
        }

        /// There is no text at all.
        public static let empty = Code(.empty)
        /// The name has more than 253 bytes.
        public static let tooLong = Code(.tooLong)
        /// Two dots follow each other, or the name begins with one.
        public static let emptyLabel = Code(.emptyLabel)
        /// The name ends with a dot.
        public static let trailingDot = Code(.trailingDot)
        /// A label has more than 63 bytes.
        public static let labelTooLong = Code(.labelTooLong)
        /// A label begins or ends with a hyphen.
        public static let hyphenAtEdge = Code(.hyphenAtEdge)
        /// There is an underscore, which separates the two parts of a browser ID.
        public static let underscore = Code(.underscore)
        /// There is a colon, so a port or an IPv6 address.
        public static let port = Code(.port)
        /// There is a slash, so this is a URL.
        public static let address = Code(.address)
        /// There is a character outside ASCII.
        public static let notASCII = Code(.notASCII)
        /// There is another character that no DNS name has.
        public static let character = Code(.character)

        /// The kind as one word.
        public var description: String { kind.rawValue }
    }
}

extension ServerNameError {
    /// What was found, and after how many bytes.
    struct Fault {
        let kind: Code.Kind
        let position: Int
        var byte: UInt8 = 0
    }
}

extension ServerNameError.Fault {
    /// The first fault of a name whose letters are already in lower case; `nil` if it has none.
    init?(in bytes: [UInt8]) {
        if bytes.isEmpty {
            self.init(kind: .empty, position: 0)
        } else if let fault = Self.character(in: bytes) ?? Self.label(in: bytes) {
            self = fault
        } else if bytes.count > ServerName.longestName {
            self.init(kind: .tooLong, position: ServerName.longestName)
        } else {
            return nil
        }
    }

    // Characters are looked at before labels, so that "host:3000." is told about its port.
    private static func character(in bytes: [UInt8]) -> Self? {
        // A URL has a colon too, and saying "port" about it would help nobody.
        if let slash = bytes.firstIndex(of: ASCII.slash) {
            return Self(kind: .address, position: slash, byte: ASCII.slash)
        }
        for (position, byte) in bytes.enumerated() {
            if let kind = kind(ofCharacter: byte) {
                return Self(kind: kind, position: position, byte: byte)
            }
        }
        return nil
    }

    private static func kind(ofCharacter byte: UInt8) -> ServerNameError.Code.Kind? {
        switch byte {
        case ASCII.hyphen, ASCII.dot: nil
        case ASCII.underscore: .underscore
        case ASCII.colon: .port
        case 0x80...: .notASCII
        case let byte where ASCII.isLetterOrDigit(byte): nil
        case _: .character
        }
    }

    private static func label(in bytes: [UInt8]) -> Self? {
        var position = 0
        for label in bytes.split(separator: ASCII.dot, omittingEmptySubsequences: false) {
            if label.isEmpty {
                let atEnd = position == bytes.count && position > 1
                return Self(kind: atEnd ? .trailingDot : .emptyLabel, position: position)
            }
            if label.count > ServerName.longestLabel {
                return Self(kind: .labelTooLong, position: position)
            }
            if label.first == ASCII.hyphen || label.last == ASCII.hyphen {
                return Self(kind: .hyphenAtEdge, position: position)
            }
            position += label.count + 1
        }
        return nil
    }

    func message(for text: String) -> String {
        guard kind != .empty else { return "the server name is empty; \(remedy)" }
        return "the server name \(Quoted(text)) \(finding); \(remedy)"
    }

    private var finding: String {
        let place = "at position \(position + 1)"
        return switch kind {
        case .empty: "is empty"
        case .tooLong: "has more than \(ServerName.longestName) bytes"
        case .emptyLabel: "has an empty label \(place)"
        case .trailingDot: "ends with a dot"
        case .labelTooLong:
            "has a label of more than \(ServerName.longestLabel) bytes \(place)"
        case .hyphenAtEdge: "has a label with a hyphen at its edge \(place)"
        case .underscore: "has an underscore \(place)"
        case .port: "has a colon \(place)"
        case .address: "has a slash \(place)"
        case .notASCII: "has a character outside ASCII \(place)"
        case .character: "has \(ASCII.spelled(byte)) \(place)"
        }
    }

    private var remedy: String {
        switch kind {
        case .empty: "set DOMAIN to the DNS name of this server"
        case .tooLong: "choose a shorter one"
        case .emptyLabel: "remove the extra dot"
        case .trailingDot: "remove it"
        case .labelTooLong: "shorten what stands between two dots"
        case .hyphenAtEdge: "hyphens may only stand inside a label"
        case .underscore: "use a hyphen: in a browser ID the underscore ends the server name"
        case .port:
            "write the name alone and the port in PORT or PUBLIC_URL; "
                + "two servers on one host need two names"
        case .address:
            "write the name alone; an address with https:// or a path belongs in PUBLIC_URL"
        case .notASCII: "write the name in its xn-- form"
        case .character: "only letters, digits, hyphens and dots may be used"
        }
    }
}
