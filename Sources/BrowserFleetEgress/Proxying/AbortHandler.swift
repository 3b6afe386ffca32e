// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Sent down a pipeline to close its socket at once.
struct AbortConnection: Sendable {}

/// Stands next to the socket and closes it when told, past every handler that would first say
/// good-bye: TLS waits up to five seconds for the peer's farewell.
final class AbortHandler: ChannelOutboundHandler {
    typealias OutboundIn = Any

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard event is AbortConnection else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        context.close(promise: promise)
    }
}
