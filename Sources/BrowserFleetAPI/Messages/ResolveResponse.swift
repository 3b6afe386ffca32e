// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The answer of `GET /resolve/:id`: who owns a browser, and how that was found.
public struct ResolveResponse: Hashable, Sendable, Codable {
    /// Whether the owner can be reached.
    public enum Standing: String, Hashable, Sendable, Codable, CaseIterable {
        /// It is the answering server.
        case local
        /// It answers.
        case reachable
        /// It does not answer at the moment.
        case unreachable
        /// It is gone, and the browser with it.
        case lost
    }

    /// The browser ID.
    public var id: String
    /// The owner's name.
    public var server: String
    /// Where gateways reach it; absent for the answering server itself.
    public var url: String?
    /// The rule that found it: `own-name`, `directory`, `domain-suffix` or `fallback`.
    public var by: String
    /// Whether it can be reached.
    public var standing: Standing

    /// Creates an answer.
    public init(id: String, server: String, url: String?, by: String, standing: Standing) {
        self.id = id
        self.server = server
        self.url = url
        self.by = by
        self.standing = standing
    }
}
