// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server whose paths say what it does: `/echo` answers with the request, `/large` with
/// 4 KiB, `/silent` not at all, `/closing` by closing the connection, `/moved` with a redirect.
final class SmallServer: Sendable {
    private let counted = Mutex((connections: 0, requests: 0))

    /// Connections so far.
    var connections: Int { counted.withLock(\.connections) }
    /// Requests so far.
    var requests: Int { counted.withLock(\.requests) }

    /// Runs `body` with a server on a free local port.
    static func with(
        _ body: (SmallServer, ServerEndpoint) async throws -> Void
    ) async throws {
        let server = SmallServer()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    server.counted.withLock { $0.connections += 1 }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Answering(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(channel.localAddress?.port ?? 0)
        do {
            try await body(server, ServerEndpoint(scheme: .http, host: "127.0.0.1", port: port))
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let server: SmallServer
        private var head: HTTPRequestHead?
        private var body = ""

        init(_ server: SmallServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch Self.unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, "")
            case .body(let bytes): body += String(buffer: bytes)
            case .end: answer(context)
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            guard let head else { return }
            server.counted.withLock { $0.requests += 1 }
            switch head.uri {
            case "/large": write(context, .ok, String(repeating: "x", count: 4096))
            case "/silent": break
            case "/closing": context.close(promise: nil)
            case "/moved": write(context, .found, "", ["location": "/echo"])
            case _:
                let fields = head.headers.map { "\($0.name)=\($0.value)" }.sorted()
                write(context, .accepted, "\(head.method) \(head.uri) \(body) \(fields)")
            }
        }

        private func write(
            _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ body: String,
            _ headers: HTTPHeaders = ["x-server": "small"]
        ) {
            var headers = headers
            headers.add(name: "content-length", value: "\(body.utf8.count)")
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
            context.write(
                Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
