// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What went through a relay since it started: a snapshot of counters that only grow, except
/// `activeConnections`.
public struct EgressTraffic: Equatable, Sendable {
    /// Bytes that came in from outside, as they stood on the wire (TLS to an upstream included).
    public internal(set) var bytesReceived: UInt64 = 0
    /// Bytes handed to the network towards the outside.
    public internal(set) var bytesSent: UInt64 = 0
    /// Connections accepted from the browser.
    public internal(set) var connections: UInt64 = 0
    /// Connections from the browser that are open now.
    public internal(set) var activeConnections: Int = 0
    /// Requests refused, by reason; reasons that never occurred are absent.
    public internal(set) var refused: [EgressRefusal: UInt64] = [:]
    /// Requests that failed, by kind; kinds that never occurred are absent.
    public internal(set) var failed: [EgressFailure: UInt64] = [:]

    /// All refusals together.
    public var refusedTotal: UInt64 { refused.values.reduce(0, +) }
}
