// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import NIOPosix

/// Answers NIO's Happy Eyeballs (RFC 8305) with addresses that were already judged, so that it
/// tries exactly these, staggered, and keeps the first that answers.
final class CheckedAddresses: Resolver, Sendable {
    private let plan: RoutePlan
    private let loop: any EventLoop

    init(plan: RoutePlan, loop: any EventLoop) {
        self.plan = plan
        self.loop = loop
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        loop.makeCompletedFuture { try socketAddresses(bitWidth: 32) }
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        loop.makeCompletedFuture { try socketAddresses(bitWidth: 128) }
    }

    func cancelQueries() {}

    private func socketAddresses(bitWidth: Int) throws -> [SocketAddress] {
        try plan.addresses.filter { $0.bitWidth == bitWidth }.map {
            try SocketAddress(ipAddress: $0.description, port: Int(plan.port))
        }
    }
}
