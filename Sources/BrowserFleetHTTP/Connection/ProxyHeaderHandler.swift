// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore

/// Takes the PROXY header off a connection of a trusted proxy, in front of everything else, TLS
/// included, and tells the handlers behind it whom the proxy named.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// A trusted proxy named the client of this connection.
    struct ClientNamed: Sendable {
        var address: IPAddress
    }

    private var received = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        switch ProxyHeader(received.readableBytesView) {
        case .incomplete: return
        case .malformed:
            context.close(promise: nil)
            return
        case .absent: break
        case .present(let address, let length):
            received.moveReaderIndex(forwardBy: length)
            if let address { context.fireUserInboundEventTriggered(ClientNamed(address: address)) }
        }
        if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
