// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Something that happened in the fleet and that others may want to know at once.
public struct FleetEvent: Hashable, Sendable, Codable {
    /// What happened, such as `server.lost`; a newer server may say words that are not here.
    public var kind: Kind
    /// What it happened to: a server ID, a browser ID or a key.
    public var subject: String
    /// Milliseconds since 1970 by the clock of who says so.
    public var unixMilliseconds: Int64
    /// What else there is to say.
    public var details: [String: String]

    /// The most bytes of subject and details together.
    public static let mostBytes = 8192

    /// Creates an event.
    public init(
        _ kind: Kind, subject: String, unixMilliseconds: Int64, details: [String: String] = [:]
    ) {
        self.kind = kind
        self.subject = subject
        self.unixMilliseconds = unixMilliseconds
        self.details = details
    }

    /// How many bytes the texts have.
    var byteCount: Int {
        details.reduce(subject.utf8.count) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }

    /// The word for what happened.
    public struct Kind: Hashable, Sendable, TextCoded, CustomStringConvertible {
        /// The word itself.
        public let word: String

        /// Takes a word.
        public init(_ word: String) { self.word = word }

        /// The word itself.
        public var codedText: String { word }

        /// Takes any word.
        public init(codedText: String) { self.word = codedText }

        /// The word itself.
        public var description: String { word }

        /// A caller was given a browser.
        public static let browserCreated = Kind("browser.created")
        /// A browser's lease is over; the detail `reason` says why.
        public static let browserEnded = Kind("browser.ended")
        /// A process has taken a server's name.
        public static let serverRegistered = Kind("server.registered")
        /// A process lost its name to a newer one.
        public static let serverFenced = Kind("server.fenced")
        /// A server said good-bye.
        public static let serverLeft = Kind("server.left")
        /// A server was silent for too long.
        public static let serverLost = Kind("server.lost")
        /// A server that had left or was lost is heard again.
        public static let serverReturned = Kind("server.returned")
        /// Someone entered a server by hand.
        public static let serverEntered = Kind("server.entered")
        /// Someone changed what stands about a server.
        public static let serverAmended = Kind("server.amended")
        /// A server is to take no new leases.
        public static let serverDraining = Kind("server.draining")
        /// A server may take leases again.
        public static let serverActivated = Kind("server.activated")
        /// A server was taken out of the registry.
        public static let serverRemoved = Kind("server.removed")
        /// A key was given to a server for the first time.
        public static let assignmentCreated = Kind("assignment.created")
        /// A key went from one server to another.
        public static let assignmentMoved = Kind("assignment.moved")
        /// A key belongs to no server any more.
        public static let assignmentRemoved = Kind("assignment.removed")
    }
}
