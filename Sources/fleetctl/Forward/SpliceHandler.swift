// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One end of two connections that are joined: what comes in here goes out there.
///
/// Both are on one event loop. An end reads only while the other can be written to, so a slow
/// reader holds its writer up instead of filling memory.
final class SpliceHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    // The ends hold each other until one of them leaves its pipeline.
    private var partner: SpliceHandler?
    private var context: ChannelHandlerContext?
    private var isReadWaiting = false

    private init() {}

    /// Two ends.
    static func pair() -> (SpliceHandler, SpliceHandler) {
        let (near, far) = (SpliceHandler(), SpliceHandler())
        near.partner = far
        far.partner = near
        return (near, far)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        partner = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        partner?.context?.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        partner?.context?.flush()
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        partner?.context?.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        partner?.goOnReading()
    }

    func read(context: ChannelHandlerContext) {
        if partner?.context?.channel.isWritable ?? false {
            context.read()
        } else {
            isReadWaiting = true
        }
    }

    private func goOnReading() {
        guard isReadWaiting else { return }
        isReadWaiting = false
        context?.read()
    }
}
