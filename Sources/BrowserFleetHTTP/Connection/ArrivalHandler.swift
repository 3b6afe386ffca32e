// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore

/// Times how requests arrive: a head must be whole in time, a body must move.
///
/// It stands in front of the parser, which shows a head only once it is whole, so that it sees the
/// first byte; the gate behind the parser tells it what the parser showed.
final class ArrivalHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What did not arrive.
    enum Late: Hashable {
        case head
        case body
    }

    /// What a body has to bring in one time-out, or be whole.
    private static let leastBody = 16 << 10

    /// Called on the event loop when a client is late.
    var onLate: ((Late) -> Void)?

    private let headTimeout: Duration
    private let bodyTimeout: Duration
    private var timer: Scheduled<Void>?
    /// Whether a head has come whose request is not whole yet.
    private(set) var isInRequest = false
    /// Whether the parser showed anything of the bytes that came last.
    private var sawPart = false
    /// Bytes of a body since the timer began.
    private var bodyBytes = 0

    init(headTimeout: Duration, bodyTimeout: Duration) {
        self.headTimeout = headTimeout
        self.bodyTimeout = bodyTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expect(.head, context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelActive(context: ChannelHandlerContext) {
        expect(.head, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sawPart = false
        context.fireChannelRead(data)
        if isInRequest {
            expect(.body, context)
        } else if !sawPart {
            // What comes right behind a request is not known to be a head yet; more bytes are.
            expect(.head, context)
        }
    }

    /// The parser showed a head.
    func headCame() {
        sawPart = true
        isInRequest = true
        stop()
    }

    /// The parser showed some of a body.
    func bodyCame(_ count: Int) {
        sawPart = true
        bodyBytes += count
    }

    /// The parser showed the end of a request.
    func requestEnded() {
        sawPart = true
        isInRequest = false
        stop()
    }

    /// Nothing is waited for any more.
    func stop() {
        timer?.cancel()
        timer = nil
    }

    private func expect(_ part: Late, _ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        bodyBytes = 0
        let timeout = part == .head ? headTimeout : bodyTimeout
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: .nanoseconds(timeout.wholeNanoseconds)) {
            let (handler, context) = loopBound.value
            handler.timer = nil
            if part == .body, handler.bodyBytes >= Self.leastBody {
                handler.expect(.body, context)
            } else {
                handler.onLate?(part)
            }
        }
    }
}
