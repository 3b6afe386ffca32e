// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// A host and port that somebody wants to reach, as a request named it.
public struct EgressTarget: Hashable, Sendable {
    /// A name in lower case without its final dot, or a literal address without brackets.
    public let host: String
    /// 1 to 65,535.
    public let port: UInt16

    /// Checks and normalises `host`; nil if it is neither a literal address nor a string of at
    /// most 253 bytes of labels of letters, digits, hyphens and underscores, or if the port is 0.
    public init?(host: String, port: UInt16) {
        guard port > 0 else { return nil }
        if let address = IPAddress(host) {
            self.init(checked: address.description, port: port)
            return
        }
        guard let name = Self.normalised(name: host) else { return nil }
        self.init(checked: IPAddress(name)?.description ?? name, port: port)
    }

    /// Reads `host:port`, `[v6]:port`, or either without a port if `defaultPort` is given.
    public init?(authority: some StringProtocol, defaultPort: UInt16? = nil) {
        guard let parts = HostAndPort(authority), let port = parts.port ?? defaultPort else {
            return nil
        }
        self.init(host: parts.host, port: port)
    }

    private init(checked host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// The address, if the host is a literal one.
    public var literal: IPAddress? { IPAddress(host) }

    /// `host:port` as CONNECT and `Host:` spell it, IPv6 in brackets.
    public var authority: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func normalised(name: String) -> String? {
        var name = name.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        return DomainName.isWellFormed(name) ? name : nil
    }
}
