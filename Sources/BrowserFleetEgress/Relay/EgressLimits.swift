// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The bounds of one relay. Every wait has a deadline and every buffer an end.
public struct EgressLimits: Hashable, Sendable {
    /// Connections from the browser at once; one more is answered 503.
    public var connections = 512
    /// Bytes of a request head from the browser; more is answered 431.
    public var requestHeadBytes = 64 * 1024
    /// Bytes of a response head from outside; Chromium's own bound. More is answered 502.
    public var responseHeadBytes = 256 * 1024
    /// Header fields in either head.
    public var headerFields = 256
    /// Name lookups of this relay at once; more wait their turn, so that one browser cannot fill
    /// the threads that all browsers share.
    public var lookups = 8
    /// Bytes that wait in one direction of one connection before its source is no longer read.
    public var bufferedBytes = 64 * 1024
    /// How long a connection may wait for a request head, counted from its first chance.
    public var requestHeadDeadline: Duration = .seconds(60)
    /// How long resolving a name may take.
    public var lookupDeadline: Duration = .seconds(10)
    /// How long dialling may take, over all addresses.
    public var connectDeadline: Duration = .seconds(10)
    /// How long everything may take from the request's head to the route being ready: resolving,
    /// dialling, TLS and CONNECT at an upstream proxy.
    public var openDeadline: Duration = .seconds(30)
    /// How long a connection lives without a byte in either direction.
    public var idleDeadline: Duration = .seconds(600)
    /// How long a connection that is over may take to deliver what was already written to it.
    public var lingerDeadline: Duration = .seconds(10)

    /// The defaults.
    public init() {}
}
