// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Cuts what the browser writes into messages and hands them to the bridge.
final class PipeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Nil once the pipe was handed to another loop: then this channel has nothing more to say.
    private var core: BridgeCore?

    init(core: BridgeCore) {
        self.core = core
    }

    /// Cuts the handler off, before its channel is closed in favour of another.
    func release() {
        core = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        core?.receivedFromBrowser(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        core?.finishWakeUp()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        core?.pipeWritabilityChanged(context.channel.isWritable)
    }

    func channelInactive(context: ChannelHandlerContext) {
        core?.pipeBecameInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
