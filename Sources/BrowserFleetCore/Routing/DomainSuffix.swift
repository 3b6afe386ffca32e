// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// An operator's word that every server below a domain is his and is reached in the same way
/// (the setting `DOMAIN_SUFFIX`).
///
/// With `scrapingdog.com`, a server nobody entered, `server7.scrapingdog.com`, is reached under
/// its own name. Scheme and port are the operator's, not the ID's. Nothing outside of the domain
/// is ever derived, and the domain itself is not either.
public struct DomainSuffix: Hashable, Sendable {
    /// The domain that the servers lie below.
    public let domain: ServerName

    /// How those servers are spoken to.
    public let scheme: ServerEndpoint.Scheme

    /// The TCP port of all of those servers.
    public let port: UInt16

    /// Creates the rule; without `port` it is the one of the scheme.
    public init(
        _ domain: ServerName, scheme: ServerEndpoint.Scheme = .https, port: UInt16? = nil
    ) {
        self.domain = domain
        self.scheme = scheme
        self.port = port ?? scheme.defaultPort
    }

    /// Where `server` is reached by this rule; `nil` if it does not lie below the domain.
    public func endpoint(of server: ServerName) -> ServerEndpoint? {
        guard server.isBelow(domain) else { return nil }
        return ServerEndpoint(scheme: scheme, host: server.text, port: port)
    }
}
