// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The paths that servers of one fleet call, and nobody else.
enum InternalPath {
    /// A server's report, to its gateways.
    static let heartbeat = "/internal/heartbeat"
    /// A server's good-bye.
    static let goodbye = "/internal/goodbye"
    /// A server's report, for gateways that ask.
    static let report = "/internal/report"
}
