// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Says where a known server is reached.
///
/// The only way from a browser ID to a host: a server that no directory knows is not dialled.
/// Ports come from here too, so they never stand in an ID.
public protocol ServerDirectory: Sendable {
    /// The endpoint of the server that `prefix` names; `nil` if it is not known.
    ///
    /// Asked for every call that a gateway routes, so it should neither block nor allocate.
    func endpoint(of prefix: ServerPrefix) -> ServerEndpoint?
}

extension ServerDirectory {
    /// The endpoint of `server`; `nil` if it is not known.
    public func endpoint(of server: ServerName) -> ServerEndpoint? {
        endpoint(of: server.prefix)
    }
}

/// A ``ServerDirectory`` that is a plain table.
public struct ServerTable: ServerDirectory, Hashable {
    private var endpoints: [ServerPrefix: ServerEndpoint] = [:]

    /// Creates a table that knows nobody.
    public init() {}

    /// The endpoint entered for a server; setting `nil` removes it.
    public subscript(server: ServerName) -> ServerEndpoint? {
        get { endpoints[server.prefix] }
        set { endpoints[server.prefix] = newValue }
    }

    /// The endpoint entered for the server that `prefix` names.
    public func endpoint(of prefix: ServerPrefix) -> ServerEndpoint? {
        endpoints[prefix]
    }

    /// The servers in the table, in the order of their names.
    public var servers: [ServerName] {
        endpoints.keys.map(ServerName.init(decoding:)).sorted()
    }
}
