// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What a load balancer in front of a fleet has to know. Like a gateway it gives a new browser to
/// any server and every call about a browser to the server that its ID names; unlike one it knows
/// nothing of the servers' load but its own connections to them.
struct BalancerPlan: Equatable, Sendable {
    /// One server behind it.
    struct Server: Equatable, Sendable {
        /// The server name.
        var name: ServerName
        /// Where it is reached.
        var endpoint: ServerEndpoint
        /// Share of new browsers.
        var weight = 1
        /// Used for new browsers only when no other server can be.
        var isBackup = false

        /// The name as it stands in IDs: letters, digits and hyphens, so it needs no quotes in a
        /// configuration.
        var prefix: String { name.prefix.description }

        /// Host and port, as both programs write them.
        var authority: String {
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            return "\(host):\(endpoint.port)"
        }
    }

    /// The servers, by name.
    let servers: [Server]
    /// The address and port to listen on, such as `80` or `127.0.0.1:8080`.
    let listen: String
    /// The names that clients call it by; none answers to every name.
    let names: [String]

    /// Checks what was given.
    ///
    /// - Throws: a usage failure: no server, two of one name, both schemes, or a word that would
    ///   say something else in a configuration.
    init(servers: [Server], listen: String, names: [String]) throws(CommandFailure) {
        guard let first = servers.first else {
            throw CommandFailure(
                .usage, "there is no server to balance",
                next: "fleetctl nginx-config --server server1.example.com=http://10.0.0.1:3000")
        }
        guard Set(servers.map(\.name)).count == servers.count else {
            throw CommandFailure(.usage, "two servers have one name; every server needs its own")
        }
        guard servers.allSatisfy({ $0.endpoint.scheme == first.endpoint.scheme }) else {
            throw CommandFailure(
                .usage, "some servers speak http and some https; a balancer can do one of both")
        }
        for word in [listen] + names + servers.map(\.endpoint.host) where !Self.isPlain(word) {
            throw CommandFailure(.usage, "\"\(word)\" cannot stand in a configuration")
        }
        self.servers = servers.sorted { $0.name < $1.name }
        self.listen = listen
        self.names = names
    }

    /// How the servers are spoken to.
    var scheme: ServerEndpoint.Scheme { servers[0].endpoint.scheme }

    /// What is answered about a browser whose ID names none of the servers.
    static let unknownOwner =
        #"{"type":"about:blank#owner-unknown","title":"Owner unknown","status":421,"#
        + #""detail":"The browser ID names a server that is not part of this fleet.","#
        + #""code":"owner-unknown","instance":"/browsers"}"#

    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"),
                    UInt8(ascii: "*"):
                    true
                case _: false
                }
            }
    }
}
