// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetHTTP

/// A key, for people and programs; never what makes it work.
struct KeyReport: Encodable, Equatable {
    /// Names it in logs.
    var id: String
    /// What its maker called it.
    var name: String
    /// What it allows, in the order of the words' list.
    var scopes: [String]
    /// Browsers at once; absent without a limit.
    var maxBrowsers: Int?
    /// Creates in a minute; absent without a limit.
    var createsPerMinute: Int?
    /// The highest priority; absent without a cap.
    var maxPriority: String?
    /// When it was made.
    var createdAt: String

    init(_ key: APIKey) {
        id = key.id
        name = key.name
        scopes = KeyScope.allCases.filter(key.scopes.contains).map(\.rawValue)
        maxBrowsers = key.limits.concurrentBrowsers
        createsPerMinute = key.limits.createsPerMinute
        maxPriority = key.limits.priorityCap.map { "\($0)" }
        createdAt = key.createdAt.description
    }

    /// Name and value of each, in the order of the list's columns.
    var pairs: [(String, String)] {
        [
            ("id", id), ("name", name), ("scopes", scopes.joined(separator: " ")),
            ("max browsers", maxBrowsers.map(String.init) ?? "any"),
            ("creates a minute", createsPerMinute.map(String.init) ?? "any"),
            ("max priority", maxPriority ?? "any"), ("created", createdAt),
        ]
    }
}

/// A key that was just made, with what makes it work.
struct NewKeyReport: Encodable, Equatable {
    /// The key.
    var key: KeyReport
    /// What the client sends.
    var secret: String
}
