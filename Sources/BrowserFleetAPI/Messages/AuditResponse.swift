// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The answer of `GET /audit`: one page, newest first.
public struct AuditResponse: Hashable, Sendable, Codable {
    /// Who did what.
    public struct Entry: Hashable, Sendable, Codable {
        /// Where it stands.
        public var id: String
        /// When, by the clock of the server that wrote it.
        public var time: Timestamp
        /// The ID of the key, or the server, that did it; empty if nobody was known.
        public var author: String
        /// What was done, such as `browser.create`.
        public var action: String
        /// What it was done to.
        public var subject: String
        /// What else there is to say.
        public var details: [String: String]

        /// Creates an entry.
        public init(
            id: String, time: Timestamp, author: String, action: String, subject: String,
            details: [String: String]
        ) {
            self.id = id
            self.time = time
            self.author = author
            self.action = action
            self.subject = subject
            self.details = details
        }
    }

    /// The page.
    public var entries: [Entry]
    /// What `cursor` takes to go on; absent when there is nothing older.
    public var nextCursor: String?

    /// Creates a page.
    public init(entries: [Entry], nextCursor: String?) {
        self.entries = entries
        self.nextCursor = nextCursor
    }
}
