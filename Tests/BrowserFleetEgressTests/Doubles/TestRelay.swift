// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOPosix

@testable import BrowserFleetEgress

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A relay on 127.0.0.1, as a browser in its jail would see it.
struct TestRelay {
    struct SocketFailure: Error {}

    let relay: EgressRelay
    let port: Int

    static func start(
        allow: String = "", upstream: UpstreamProxy? = nil,
        names: EgressPolicy.UpstreamNames = .resolveHere, limits: EgressLimits = EgressLimits(),
        trust: UpstreamTrust = .system, resolver: any NameResolver = UnimplementedResolver(),
        lookups: NameLookups? = nil,
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws -> TestRelay {
        let (descriptor, port) = try listen()
        let relay = try await EgressRelay.start(
            listeningSocket: descriptor,
            policy: EgressPolicy(allowing: allow, upstreamNames: names), upstream: upstream,
            group: .singletonMultiThreadedEventLoopGroup, logger: logger, limits: limits,
            trust: trust, lookups: lookups ?? NameLookups(resolver: resolver))
        return TestRelay(relay: relay, port: port)
    }

    func connect(reads: Bool = true) async throws -> Peer {
        try await Peer.connect(port: port, reads: reads)
    }

    /// A connection that has asked for a tunnel, and the head of the answer.
    func tunnel(to authority: String, reads: Bool = true) async throws -> (Peer, String) {
        let client = try await connect(reads: reads)
        try await client.write("CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
        return (client, try await client.read(through: "\r\n\r\n"))
    }

    /// Asks for `uri` on a connection of its own and returns all that is answered.
    func get(_ uri: String) async throws -> String {
        let client = try await connect()
        try await client.write("GET \(uri) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return await client.readToEnd()
    }

    /// A listening socket of 127.0.0.1 with a port the system chose; without a backlog it is only
    /// bound, and refuses connections.
    static func listen(backlog: CInt? = 16) throws -> (descriptor: CInt, port: Int) {
        #if canImport(Glibc)
        let listenOn = Glibc.listen
        #elseif canImport(Musl)
        let listenOn = Musl.listen
        #else
        let listenOn = Darwin.listen
        #endif
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> CInt in
                guard unsafe bind(descriptor, generic, length) == 0 else { return -1 }
                return unsafe getsockname(descriptor, generic, &length)
            }
        }
        let isReady = backlog.map({ listenOn(descriptor, $0) == 0 }) ?? true
        guard descriptor >= 0, status == 0, isReady
        else {
            throw SocketFailure()
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
