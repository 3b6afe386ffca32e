// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import HTTPTypes
import HummingbirdCore
import NIOCore

/// One request on its way through a route: what was found out about it before its handler runs.
struct Call: Sendable {
    /// The request.
    var request: Request
    /// Its target, cut and decoded.
    var target: RequestTarget
    /// The values of the path.
    var values: [String: String]
    /// Who makes it.
    var caller: Caller
    /// The query, checked.
    var query: JSONTree
    /// The body, checked; an empty object if there was none.
    var body: JSONTree
    /// The body as it came.
    var bytes: [UInt8]

    /// The `Host` that the client named.
    var authority: String? { RequestNotes.current?.origin.authority ?? request.head.authority }
}
