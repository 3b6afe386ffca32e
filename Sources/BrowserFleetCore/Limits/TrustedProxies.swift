// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The proxies whose word about a client's address is believed.
///
/// Anybody can write an `X-Forwarded-For`, so it is read from the right, where the nearest proxy
/// wrote, and only as far as each writer is one of these.
public struct TrustedProxies: Hashable, Sendable {
    private let networks: [IPNetwork]

    /// Trusts nobody: the address of a connection is the client's.
    public static let none = TrustedProxies([IPNetwork]())

    /// Trusts every address of these blocks.
    public init(_ networks: [IPNetwork]) {
        self.networks = networks
    }

    /// Whether nobody is trusted.
    public var isEmpty: Bool { networks.isEmpty }

    /// Whether `address` is one of the proxies.
    public func trusts(_ address: IPAddress) -> Bool {
        let address = address.canonical
        return networks.contains { $0.contains(address) }
    }

    /// The client behind a connection: the rightmost address that is not a trusted proxy's.
    ///
    /// - Parameters:
    ///   - peer: the far end of the connection.
    ///   - forwarded: the values of every `X-Forwarded-For`, in their order.
    /// - Returns: `peer` if it is not trusted or says nothing; the leftmost address if all of them
    ///   are proxies; where a value is no address, the proxy that wrote it.
    public func client(peer: IPAddress, forwarded: [String]) -> IPAddress {
        var client = peer.canonical
        guard trusts(client) else { return client }
        let values = forwarded.flatMap { $0.split(separator: ",") }
        for value in values.reversed() {
            guard let address = Self.address(value) else { return client }
            client = address.canonical
            guard trusts(client) else { return client }
        }
        return client
    }

    /// An address as proxies write it: bare, with a port, or in brackets.
    private static func address(_ text: Substring) -> IPAddress? {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            return IPAddress(text[text.index(after: text.startIndex)..<end])
        }
        if let address = IPAddress(text) { return address }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? IPAddress(parts[0]) : nil
    }
}
