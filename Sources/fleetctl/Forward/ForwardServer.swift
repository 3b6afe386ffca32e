// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetClient
import BrowserFleetCore
import Foundation
import NIOCore
import NIOPosix

/// Listens on this machine and passes on to one browser of a fleet.
struct ForwardServer: Sendable {
    /// The browser.
    let browser: BrowserID
    /// The fleet.
    let access: FleetAccess
    /// The fleet's host.
    let host: String
    /// The fleet's port.
    let port: Int

    /// Creates a server that does not listen yet.
    ///
    /// - Throws: wrong usage for a fleet that speaks TLS, which a spliced socket would need too.
    init(browser: BrowserID, access: FleetAccess) throws(CommandFailure) {
        guard access.url.scheme == "http", let host = access.url.host() else {
            throw CommandFailure(
                .usage, "forward speaks plain HTTP to the fleet, and \(access.url) does not",
                next: "run it on the server's machine, with --url \(FleetAccess.standardURL)")
        }
        self.browser = browser
        self.access = access
        self.host = host
        self.port = access.url.port ?? 80
    }

    /// Serves until the process ends; `ready` is told the port once it is open.
    func run(port local: Int, ready: @Sendable (Int) -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ForwardHandler(self))
                }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.bind(host: "127.0.0.1", port: local).get()
        } catch {
            throw CommandFailure(
                .failed, "127.0.0.1:\(local) cannot be opened: \(error)",
                next: "fleetctl browsers forward \(browser.text) --port 0")
        }
        ready(channel.localAddress?.port ?? local)
        try await channel.closeFuture.get()
    }

    /// Opens a connection to the fleet on the same event loop as the client's.
    func connect(on loop: any EventLoop) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .connect(host: host, port: port)
    }

    /// The text of a discovery document, told for this port.
    func discovery(_ path: String, askedAt host: String) async -> String? {
        let answer = try? await access.client().call(.get, "browsers/\(browser.text)/\(path)")
        return answer.flatMap { answer in
            ForwardedDiscovery.text(
                of: answer.body, host: host, browser: String(browser.localPart))
        }
    }
}
