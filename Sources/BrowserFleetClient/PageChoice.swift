// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Which page of a browser a call is about.
public enum PageChoice: Hashable, Sendable {
    /// The page last attached or navigated.
    case current
    /// The page with this DevTools target ID.
    case target(String)
    /// A page of its own, in which this URL is loaded first.
    case url(String)

    var query: [URLQueryItem] {
        switch self {
        case .current: []
        case .target(let id): [URLQueryItem(name: "targetId", value: id)]
        case .url(let url): [URLQueryItem(name: "url", value: url)]
        }
    }
}
