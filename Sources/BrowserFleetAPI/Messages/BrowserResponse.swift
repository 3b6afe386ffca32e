// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One browser, in the answers of `POST /browsers`, `GET /browsers` and `GET /browsers/:id`.
public struct BrowserResponse: Hashable, Sendable, Codable {
    /// Where a browser is in its life.
    public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        /// It can be connected to.
        case running
        /// It has ended; it is shown for a while longer.
        case ended
    }

    /// Whether it was ready before its caller came.
    public enum Start: String, Hashable, Sendable, Codable, CaseIterable {
        /// It was.
        case warm
        /// It was started for its caller.
        case cold
    }

    /// The browser ID, `{server}_{uuid}`.
    public var id: String
    /// The URL to hand to Puppeteer or Playwright as it is; absent when it has ended.
    public var wss: String?
    /// Until when ``wss`` can be used and the browser lives at most.
    public var expiresAt: Timestamp
    /// The server that owns it.
    public var server: String
    /// Where it is in its life.
    public var status: Status
    /// Whether it was ready before its caller came.
    public var start: Start
    /// When it was given to its caller.
    public var createdAt: Timestamp
    /// Whether it has a screen.
    public var headful: Bool
    /// WebSockets attached now.
    public var connections: Int
    /// Bytes it has loaded from the network.
    public var bytesIn: Int64
    /// Bytes it has sent to the network.
    public var bytesOut: Int64
    /// Connections that the egress rules refused.
    public var refusedConnections: Int64
    /// Time since the last CDP message, or since it was created, in milliseconds.
    public var idleMs: Int64
    /// The caller's own words.
    public var metadata: [String: String]
    /// When it ended.
    public var endedAt: Timestamp?
    /// Why it ended: a word of `EndReason`.
    public var endReason: String?
    /// Why it was made where it was, if the create call asked.
    public var placement: PlacementResponse?

    /// Creates an answer.
    public init(
        id: String, wss: String?, expiresAt: Timestamp, server: String, status: Status,
        start: Start, createdAt: Timestamp, headful: Bool = false, connections: Int = 0,
        bytesIn: Int64 = 0, bytesOut: Int64 = 0, refusedConnections: Int64 = 0, idleMs: Int64 = 0,
        metadata: [String: String] = [:], endedAt: Timestamp? = nil, endReason: String? = nil
    ) {
        self.id = id
        self.wss = wss
        self.expiresAt = expiresAt
        self.server = server
        self.status = status
        self.start = start
        self.createdAt = createdAt
        self.headful = headful
        self.connections = connections
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.refusedConnections = refusedConnections
        self.idleMs = idleMs
        self.metadata = metadata
        self.endedAt = endedAt
        self.endReason = endReason
    }
}

/// The answer of `GET /browsers`: one page, newest first.
public struct BrowserListResponse: Hashable, Sendable, Codable {
    /// The browsers of this page.
    public var browsers: [BrowserResponse]
    /// Pass it as `cursor` for the next page; absent on the last one.
    public var nextCursor: String?
    /// Whether servers are missing in it; absent where none is.
    public var partial: Bool?
    /// The names of the servers that did not answer.
    public var unanswered: [String]?

    /// Creates a page.
    public init(
        browsers: [BrowserResponse], nextCursor: String? = nil, unanswered: [String] = []
    ) {
        self.browsers = browsers
        self.nextCursor = nextCursor
        guard !unanswered.isEmpty else { return }
        partial = true
        self.unanswered = unanswered
    }
}

/// The answer of `DELETE /browsers/:id`.
public struct DeleteBrowserResponse: Hashable, Sendable, Codable {
    /// Always true: afterwards there is no such browser.
    public var deleted: Bool
    /// The browser ID.
    public var id: String
    /// Why it ended; another word than `deleted` if it had ended before.
    public var reason: String

    /// Creates an answer.
    public init(id: String, reason: String) {
        self.deleted = true
        self.id = id
        self.reason = reason
    }
}
