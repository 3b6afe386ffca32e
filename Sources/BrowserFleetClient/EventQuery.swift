// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Which events `GET /events` brings.
public struct EventQuery: Hashable, Sendable {
    /// Behind which event to begin, or since when: an event's ID, or a time in ISO 8601.
    public var since: String?
    /// Only these, such as `server.lost`; `server.` is all that begin so. None is any.
    public var types: [String]
    /// Whether to wait for what comes; otherwise it ends at the newest.
    public var follows: Bool

    /// Creates a query; without arguments it brings everything that comes.
    public init(since: String? = nil, types: [String] = [], follows: Bool = true) {
        self.since = since
        self.types = types
        self.follows = follows
    }

    var query: [URLQueryItem] {
        var items = types.map { URLQueryItem(name: "types", value: $0) }
        if let since { items.append(URLQueryItem(name: "since", value: since)) }
        if !follows { items.append(URLQueryItem(name: "follow", value: "false")) }
        return items
    }
}
