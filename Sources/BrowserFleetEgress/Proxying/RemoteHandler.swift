// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// The outside's end of plain HTTP exchanges: tells its `ClientHandler` what comes, and reads only
/// while the browser takes it.
final class RemoteHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    /// Nil once the browser's side has let go.
    private var client: ClientHandler?
    private var context: ChannelHandlerContext?
    private var isReadWanted = false

    init(client: ClientHandler) {
        self.client = client
    }

    /// Puts HTTP on a connection that carries bytes and starts reading.
    static func install(
        on channel: any Channel, for client: ClientHandler, limits: EgressLimits
    ) throws -> RemoteHandler {
        let codec = HTTPCodec.client(limits: limits)
        let handler = RemoteHandler(client: client)
        try channel.pipeline.syncOperations
            .addHandlers([codec.encoder, codec.decoder, handler])
        channel.setOption(.autoRead, value: true).whenFailure { _ in }
        return handler
    }

    /// Whether more of a request may be written.
    var takesWrites: Bool { context?.channel.isWritable ?? false }

    var isOpen: Bool { context?.channel.isActive ?? false }

    func write(_ part: HTTPClientRequestPart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }

    func flush() { context?.flush() }

    /// Reads on if reading was held back.
    func resumeReading() {
        guard isReadWanted, let context else { return }
        isReadWanted = false
        read(context: context)
    }

    /// Closes, and tells nobody any more.
    func release() {
        client = nil
        context?.channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        client = nil
    }

    func read(context: ChannelHandlerContext) {
        if client?.takesResponse ?? true {
            context.read()
        } else {
            isReadWanted = true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        client?.remoteSent(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        client?.flushResponse()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { client?.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        client?.remoteEnded(broken: false)
        client = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        client?.remoteEnded(broken: error is HTTPParserError || error is NIOHTTPDecoderError)
        release()
    }
}
