// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetChromium
import BrowserFleetEgress
import NIOCore
import NIOPosix

/// A web server on this machine's loopback, and the egress rule that lets a browser reach it.
struct LocalSite {
    /// Its origin.
    let origin: String
    private let channel: any Channel

    /// Serves one HTML document at every path.
    static func start(_ html: String) async throws -> LocalSite {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Responder(html: html))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LocalSite(
            origin: "http://127.0.0.1:\(channel.localAddress?.port ?? 0)", channel: channel)
    }

    /// What lets browsers reach it.
    func policy() throws -> EgressPolicy {
        try EgressPolicy(allowing: String(origin.dropFirst("http://".count)))
    }

    func stop() async throws {
        try await channel.close()
    }
}

/// Answers the first bytes of every connection with the document; enough for a browser's GET.
private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let html: String

    init(html: String) {
        self.html = html
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let head = """
            HTTP/1.1 200 OK\r
            Content-Type: text/html; charset=utf-8\r
            Content-Length: \(html.utf8.count)\r
            Connection: close\r
            \r

            """
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head + html)), promise: nil)
        context.close(promise: nil)
    }
}
