// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Finds the owner of a browser from its ID alone.
///
/// Holds no state about browsers: every replica with the same settings gives the same answer. The
/// rules are asked in this order: own name, directory, allowed domains; and for an ID without a
/// server part, the fallback server. The fallback is never used for an ID that names a server, so
/// no call reaches a server that cannot own its browser.
public struct RoutingResolver<Directory: ServerDirectory>: Sendable {
    /// The name of this process, if it owns browsers itself.
    public var local: ServerName?

    /// The servers that are known.
    public var directory: Directory

    /// The domains below which servers are taken to exist, in the order they are asked.
    public var suffixes: [DomainSuffix]

    /// The server that IDs without a server part belong to.
    public var fallback: ServerName?

    /// Creates a resolver from an operator's settings.
    public init(
        local: ServerName?,
        directory: Directory,
        suffixes: [DomainSuffix] = [],
        fallback: ServerName? = nil
    ) {
        self.local = local
        self.directory = directory
        self.suffixes = suffixes
        self.fallback = fallback
    }

    /// The route for a call about the browser `id`.
    ///
    /// Allocates nothing when the owner is this process or stands in the directory.
    public func resolve(_ id: BrowserID) -> Route {
        guard let prefix = id.serverPrefix else { return fallbackRoute() }
        if let local, id.belongs(to: local) { return .local(by: .ownName) }
        if let endpoint = directory.endpoint(of: prefix) {
            return .remote(endpoint, by: .directory)
        }
        let server = ServerName(decoding: prefix)
        if let endpoint = derivedEndpoint(of: server) {
            return .remote(endpoint, by: .domainSuffix)
        }
        return .unknown(.serverNotKnown(server))
    }

    private func fallbackRoute() -> Route {
        guard let fallback else { return .unknown(.noServerInID) }
        if fallback == local { return .local(by: .fallback) }
        if let endpoint = directory.endpoint(of: fallback) ?? derivedEndpoint(of: fallback) {
            return .remote(endpoint, by: .fallback)
        }
        return .unknown(.fallbackNotKnown(fallback))
    }

    private func derivedEndpoint(of server: ServerName) -> ServerEndpoint? {
        for suffix in suffixes {
            if let endpoint = suffix.endpoint(of: server) { return endpoint }
        }
        return nil
    }
}

extension RoutingResolver where Directory == ServerTable {
    /// A resolver for one server on its own, which IDs without a server part belong to as well.
    public static func singleServer(_ server: ServerName) -> RoutingResolver {
        RoutingResolver(local: server, directory: ServerTable(), fallback: server)
    }
}
