// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The bounds of one relay. Every wait has a deadline and every buffer an end.
public struct EgressLimits: Hashable, Sendable {
    /// Connections from the browser at once, and to the outside at once; one more is closed
    /// before a word is said. Chromium itself keeps at most 32 requests and 32 WebSockets to one
    /// proxy open per browser context; whoever needs many contexts needs more than the default.
    public var connections = 256
    /// Bytes of a request head from the browser; more is answered 431.
    public var requestHeadBytes = 64 * 1024
    /// Bytes of a response head from outside; Chromium's own bound. More is answered 502.
    public var responseHeadBytes = 256 * 1024
    /// Header fields in either head.
    public var headerFields = 256
    /// Bytes that wait in one direction of one connection before its source is no longer read.
    public var bufferedBytes = 64 * 1024
    /// How long a connection may wait for a request head, counted from its first chance.
    public var requestHeadDeadline: Duration = .seconds(60)
    /// How long resolving may take, the wait for a turn included; then the request is answered
    /// 504, whether the resolver ever returns or not.
    public var lookupDeadline: Duration = .seconds(10)
    /// How long dialling may take, over all addresses.
    public var connectDeadline: Duration = .seconds(10)
    /// How long everything may take from the request's head to the route being ready: resolving,
    /// dialling, TLS and the conversation with an upstream proxy.
    public var openDeadline: Duration = .seconds(30)
    /// How long a connection lives without a byte in either direction.
    public var idleDeadline: Duration = .seconds(600)
    /// How long a connection that is over may take to deliver what was already written to it.
    public var lingerDeadline: Duration = .seconds(10)

    /// The defaults.
    public init() {}
}
