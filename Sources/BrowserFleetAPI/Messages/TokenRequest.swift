// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What an expiring token allows.
public enum TokenScope: String, Hashable, Sendable, Codable, CaseIterable {
    /// To drive the browser: CDP.
    case control
    /// To watch it.
    case view
}

/// The body of `POST /browsers/:id/tokens`. Every field may be absent.
public struct TokenRequest: Hashable, Sendable, Codable {
    /// What the token allows; default `control`.
    public var scope: TokenScope?
    /// How long it holds, in milliseconds; default and most: as long as the browser may live.
    public var ttlMs: Int64?

    /// Creates a request.
    public init(scope: TokenScope? = nil, ttlMs: Int64? = nil) {
        self.scope = scope
        self.ttlMs = ttlMs
    }

    /// What the body may hold.
    public static let fields = FieldTable(
        "a token request",
        [
            FieldRule(
                "scope", .choice(TokenScope.allCases.map(\.rawValue)),
                "What the token allows; control if absent."),
            FieldRule(
                "ttlMs", .integer(1000...CreateBrowserRequest.longestDuration),
                "How long it holds, in milliseconds; never longer than the browser."),
        ])

    /// Reads a body that has been made a tree.
    public init(checking tree: JSONTree) throws(FieldFault) {
        try Self.fields.check(tree)
        self.init(
            scope: tree["scope"]?.string.flatMap(TokenScope.init(rawValue:)),
            ttlMs: tree["ttlMs"]?.wholeNumber)
    }
}

/// The answer of `POST /browsers/:id/tokens`.
public struct TokenResponse: Hashable, Sendable, Codable {
    /// The browser ID.
    public var id: String
    /// The URL with the token in it.
    public var wss: String
    /// The token alone.
    public var token: String
    /// What it allows.
    public var scope: TokenScope
    /// Until when it holds.
    public var expiresAt: Timestamp

    /// Creates an answer.
    public init(id: String, wss: String, token: String, scope: TokenScope, expiresAt: Timestamp) {
        self.id = id
        self.wss = wss
        self.token = token
        self.scope = scope
        self.expiresAt = expiresAt
    }
}
