// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One event of `GET /events`: what stands in `data:`.
public struct EventMessage: Hashable, Sendable, Codable {
    /// Where it stands; what `Last-Event-ID` and `since` take.
    public var id: String
    /// What happened, such as `server.lost`.
    public var type: String
    /// What it happened to: a server ID, a browser ID or a key.
    public var subject: String
    /// When, by the clock of the server that says so.
    public var time: Timestamp
    /// What else there is to say.
    public var details: [String: String]

    /// Creates a message.
    public init(
        id: String, type: String, subject: String, time: Timestamp, details: [String: String]
    ) {
        self.id = id
        self.type = type
        self.subject = subject
        self.time = time
        self.details = details
    }
}

/// The event `gap` or `end` of `GET /events`: something about the stream itself.
public struct StreamNotice: Hashable, Sendable, Codable {
    /// Why, as one word: `gap`, or that of a problem.
    public var code: String
    /// What to do.
    public var detail: String

    /// Creates a notice.
    public init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }
}
