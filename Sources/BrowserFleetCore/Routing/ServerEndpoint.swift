// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where a server is reached: what a gateway connects to, or what a URL begins with.
public struct ServerEndpoint: Hashable, Sendable {
    /// How an endpoint is spoken to.
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        /// In the clear.
        case http
        /// Over TLS.
        case https

        /// The port that a URL of this scheme need not name.
        public var defaultPort: UInt16 {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// How the server is spoken to.
    public let scheme: Scheme

    /// A DNS name or an address; an IPv6 address stands here without brackets.
    public let host: String

    /// The TCP port.
    public let port: UInt16

    /// Creates an endpoint from the operator's settings or a server's report, never from an ID.
    public init(scheme: Scheme, host: String, port: UInt16) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }
}

extension ServerEndpoint: CustomStringConvertible {
    /// The endpoint as the beginning of a URL, such as `https://server1.scrapingdog.com`.
    public var description: String {
        let shownHost = host.utf8.contains(ASCII.colon) ? "[\(host)]" : host
        let shownPort = port == scheme.defaultPort ? "" : ":\(port)"
        return "\(scheme.rawValue)://\(shownHost)\(shownPort)"
    }
}
