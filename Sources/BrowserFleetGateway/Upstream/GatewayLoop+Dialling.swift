// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension GatewayLoop {
    /// Opens a connection to a server: one attempt, bounded in time. `done` is told the connection,
    /// or `nil` if there is none.
    func dial(
        _ server: ServerName, at endpoint: ServerEndpoint,
        done: @escaping (UpstreamConnection?) -> Void
    ) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let start = eventLoop.now
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(settings.dialTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try bound.value.prepare(channel, for: server, at: endpoint)
                }
            }
        let channel =
            if let address = try? SocketAddress(
                ipAddress: endpoint.host, port: Int(endpoint.port))
            {
                bootstrap.connect(to: address)
            } else {
                bootstrap.connect(host: endpoint.host, port: Int(endpoint.port))
            }
        channel.assumeIsolated().whenComplete { [self] result in
            let pipeline = try? result.get().pipeline.syncOperations
            let upstream = try? pipeline?.handler(type: UpstreamConnection.self)
            if upstream != nil { metrics.dialled(in: (eventLoop.now - start).nanoseconds) }
            done(upstream)
        }
    }

    private func prepare(
        _ channel: any Channel, for server: ServerName, at endpoint: ServerEndpoint
    ) throws {
        try bound(channel)
        let pipeline = channel.pipeline.syncOperations
        if endpoint.scheme == .https {
            let isAddress = (try? SocketAddress(ipAddress: endpoint.host, port: 0)) != nil
            try pipeline.addHandler(
                NIOSSLClientHandler(
                    context: tls, serverHostname: isAddress ? nil : endpoint.host))
        }
        var framing = HTTPRequestEncoder.Configuration()
        // The framing is the client's, which was checked; none is made up.
        framing.automaticallySetFramingHeaders = false
        try pipeline.addHandlers([
            EndOfInput(),
            HTTPRequestEncoder(configuration: framing),
            ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)),
            UpstreamConnection(to: server, at: endpoint, on: self),
        ])
    }

    /// Bounds what a connection buffers: at most one reading beyond the limit.
    func bound(_ channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        let limit = settings.bufferLimit
        try options.setOption(.writeBufferWaterMark, value: .init(low: limit / 2, high: limit))
        try options.setOption(.maxMessagesPerRead, value: 1)
        try options.setOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: limit))
    }
}
