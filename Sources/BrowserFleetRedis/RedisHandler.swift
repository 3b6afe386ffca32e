// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What goes to Redis: a whole command, and where its reply goes.
struct RedisRequest: Sendable {
    let words: [String]
    let reply: EventLoopPromise<RedisReply>
}

/// Writes commands and hands the replies out in the order of the commands.
final class RedisHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = RedisRequest
    typealias OutboundOut = ByteBuffer

    private let reader = RedisReplyReader()
    private var awaited = CircularBuffer<EventLoopPromise<RedisReply>>()
    private let silence: TimeAmount
    private var lastWord = NIODeadline.now()
    private var watch: RepeatedTask?

    init(silence: TimeAmount) {
        self.silence = silence
    }

    func channelActive(context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let step = TimeAmount.milliseconds(500)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: step, delay: step) { _ in
            let (handler, context) = loopBound.value
            handler.closeIfSilent(context)
        }
        context.fireChannelActive()
    }

    private func closeIfSilent(_ context: ChannelHandlerContext) {
        guard !awaited.isEmpty, NIODeadline.now() - lastWord > silence else { return }
        context.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        guard context.channel.isActive else {
            request.reply.fail(RedisLinkError.closed)
            promise?.fail(RedisLinkError.closed)
            return
        }
        if awaited.isEmpty { lastWord = .now() }
        awaited.append(request.reply)
        let buffer = Self.encoded(request.words, by: context.channel.allocator)
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        lastWord = .now()
        do {
            try unsafe buffer.withUnsafeReadableBytes { unsafe try reader.feed($0) }
            while let reply = try reader.next() {
                guard let promise = awaited.popFirst() else { throw RedisLinkError.closed }
                promise.succeed(reply)
            }
        } catch {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        failAll()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        failAll()
    }

    private func failAll() {
        while let promise = awaited.popFirst() { promise.fail(RedisLinkError.closed) }
    }

    private static func encoded(
        _ words: [String], by allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: words.reduce(16) { $0 + $1.utf8.count + 16 })
        buffer.writeString("*\(words.count)\r\n")
        for word in words {
            buffer.writeString("$\(word.utf8.count)\r\n")
            buffer.writeString(word)
            buffer.writeString("\r\n")
        }
        return buffer
    }
}

/// Why a connection gave no reply.
enum RedisLinkError: Error {
    /// It ended.
    case closed
    /// The deadline came first.
    case late
}
