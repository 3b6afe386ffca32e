// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What an operator decides about the HTTP server.
public struct HTTPConfiguration: Sendable {
    /// A certificate, as files in PEM; they are read again when they change.
    public struct TLS: Sendable, Hashable {
        /// The certificate and those of its issuers.
        public var certificatePath: String
        /// Its private key.
        public var privateKeyPath: String

        /// Names the files.
        public init(certificatePath: String, privateKeyPath: String) {
            self.certificatePath = certificatePath
            self.privateKeyPath = privateKeyPath
        }
    }

    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 takes a free one.
    public var port: Int
    /// The server ID, shown by `/health`.
    public var serverID: String
    /// BrowserFleet's own version, shown by `/health`.
    public var version: String
    /// The server's outside URL, such as `https://node1.example.com`; `nil` takes the host that a
    /// request names.
    public var publicURL: String?
    /// Values of `Host` that are served besides those of ``publicURL``, the server's name,
    /// `localhost` and IP addresses; `*` is any.
    public var allowedHosts: [String]
    /// Origins of web pages that may call the API and open sockets, such as
    /// `https://app.example.com`; `*` is any.
    public var corsOrigins: [String]
    /// Proxies in front of the server, whose `X-Forwarded-For` and PROXY headers are believed. Their
    /// connections carry many clients and do not count for ``maxConnectionsPerAddress``.
    public var trustedProxies: TrustedProxies
    /// Connections at once.
    public var maxConnections: Int
    /// Connections at once from one address.
    public var maxConnectionsPerAddress: Int
    /// Requests in a minute by one key; `nil` is no limit. Deleting is never limited.
    public var requestsPerMinute: Int?
    /// Requests in a minute from one address, by any key or none; `nil` is no limit. The public
    /// paths and deleting do not count.
    public var requestsPerMinutePerAddress: Int?
    /// The longest body of a request, in bytes.
    public var longestBody: Int
    /// The longest CDP message from a client, in bytes.
    public var longestMessage: Int
    /// Time between two pings of a WebSocket.
    public var pingInterval: Duration
    /// How long a client may take to send the head of a request, from the connection or from the
    /// head's first byte on.
    public var headTimeout: Duration
    /// In which time the body of a request must be whole, or have brought 16 KiB more.
    public var bodyTimeout: Duration
    /// How long a connection may stay without a request.
    public var idleTimeout: Duration
    /// How often a reader of `/events` hears something while nothing happens.
    public var eventHeartbeat: Duration
    /// How long a reader of `/events` may take nothing of what is written to it.
    public var writeTimeout: Duration
    /// Quality of JPEG and WebP screenshots that name none, 0 to 100.
    public var screenshotQuality: Int
    /// The certificate; `nil` speaks plain HTTP.
    public var tls: TLS?
    /// Whose JWTs are taken besides API keys; `nil` takes none.
    public var jwt: JWT?
    /// Serve without keys, to everybody, if the ring has none. Never the default.
    public var isInsecure: Bool

    /// Creates a configuration with the defaults of the settings.
    public init(host: String = "127.0.0.1", port: Int = 3000, serverID: String = "local") {
        self.host = host
        self.port = port
        self.serverID = serverID
        version = "0.0.0"
        publicURL = nil
        allowedHosts = []
        corsOrigins = []
        trustedProxies = .none
        maxConnections = 10_000
        maxConnectionsPerAddress = 100
        requestsPerMinute = nil
        requestsPerMinutePerAddress = nil
        longestBody = 64 << 10
        longestMessage = 100 << 20
        pingInterval = .seconds(20)
        headTimeout = .seconds(10)
        bodyTimeout = .seconds(30)
        idleTimeout = .seconds(75)
        eventHeartbeat = .seconds(15)
        writeTimeout = .seconds(30)
        screenshotQuality = 70
        tls = nil
        jwt = nil
        isInsecure = false
    }

    /// Whether the address to listen on can only be reached from this machine.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
