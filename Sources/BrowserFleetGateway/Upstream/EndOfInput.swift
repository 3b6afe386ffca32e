// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Lets the end of what a server sends arrive one turn of the loop after its last bytes.
///
/// Both may come in one reading. The HTTP parser hands over what stands behind a handshake only in
/// the next turn, and not at all if it has heard of the end by then.
final class EndOfInput: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.execute {
            bound.value.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }
}
