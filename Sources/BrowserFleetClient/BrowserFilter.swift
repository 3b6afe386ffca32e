// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI
import Foundation

/// Which browsers `GET /browsers` lists.
public struct BrowserFilter: Hashable, Sendable {
    /// Only these; all if absent.
    public var status: BrowserResponse.Status?
    /// Only browsers with all of these words in their metadata.
    public var metadata: [String: String]
    /// Where the page before ended.
    public var cursor: String?
    /// The most browsers on a page; the server's default if absent.
    public var limit: Int?

    /// Creates a filter; without arguments it lists everything from the start.
    public init(
        status: BrowserResponse.Status? = nil, metadata: [String: String] = [:],
        cursor: String? = nil, limit: Int? = nil
    ) {
        self.status = status
        self.metadata = metadata
        self.cursor = cursor
        self.limit = limit
    }

    var query: [URLQueryItem] {
        var items: [URLQueryItem] = []
        if let status { items.append(URLQueryItem(name: "status", value: status.rawValue)) }
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            items.append(URLQueryItem(name: "metadata.\(name)", value: value))
        }
        if let cursor { items.append(URLQueryItem(name: "cursor", value: cursor)) }
        if let limit { items.append(URLQueryItem(name: "limit", value: String(limit))) }
        return items
    }
}
