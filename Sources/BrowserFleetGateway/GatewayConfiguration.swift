// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Times and bounds of a gateway's data path.
public struct GatewayConfiguration: Sendable, Hashable {
    /// How long a connection to a server may take, its TLS handshake included.
    public var dialTimeout: Duration
    /// How long a server may take to begin its answer. Screenshots of slow pages take long; a
    /// server that is gone is noticed by its heartbeats, not by this.
    public var answerTimeout: Duration
    /// How long a connection without a request is kept; less than a server keeps it.
    public var keepTimeout: Duration
    /// Connections without a request that are kept to one server, on each event loop.
    public var keptConnections: Int
    /// How long a server may be silent on a WebSocket: two of its pings and a little.
    public var silenceTimeout: Duration
    /// How long the far side of a WebSocket is given once one side has ended.
    public var lingerTimeout: Duration
    /// How often the times above are looked at; they are kept to within one of these.
    public var tick: Duration
    /// Bytes that wait for a slow reader, in each direction, before the writer is held up; as much
    /// again may come with one reading.
    public var bufferLimit: Int
    /// A file with the certificates (PEM) that servers are trusted by; `nil` takes the system's.
    public var certificateAuthorityPath: String?

    /// Creates a configuration with the defaults.
    public init() {
        dialTimeout = .seconds(2)
        answerTimeout = .seconds(120)
        keepTimeout = .seconds(30)
        keptConnections = 64
        silenceTimeout = .seconds(50)
        lingerTimeout = .seconds(2)
        tick = .seconds(1)
        bufferLimit = 32 << 10
        certificateAuthorityPath = nil
    }
}
