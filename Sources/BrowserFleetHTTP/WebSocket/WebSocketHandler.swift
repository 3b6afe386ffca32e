// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetDevTools
import NIOCore

/// Limits and times of a WebSocket.
struct WebSocketSettings: Sendable, Hashable {
    /// The longest message that is taken from a client, in bytes.
    var longestMessage: Int
    /// Time between two pings.
    var pingInterval: Duration
    /// Pings without any sign of life after which the socket is closed.
    var pingsMissed: Int
    /// How long a client may take to answer a close frame.
    var closeTimeout: Duration

    init(
        longestMessage: Int = 100 << 20, pingInterval: Duration = .seconds(20),
        pingsMissed: Int = 2, closeTimeout: Duration = .seconds(2)
    ) {
        self.longestMessage = longestMessage
        self.pingInterval = pingInterval
        self.pingsMissed = pingsMissed
        self.closeTimeout = closeTimeout
    }
}

/// One WebSocket: turns bytes into whole messages and back.
///
/// States: open -> closing (our close frame is out) -> closed; open -> closed. Messages that are
/// sent in one wake-up are gathered and leave in one write; large ones are not copied.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Messages up to this many bytes are copied into the gathering buffer; a system call costs
    /// more than that copy.
    private static let gatherLimit = 16 << 10
    /// A gathering buffer that grew over this is let go when the socket is idle.
    private static let keptCapacity = 64 << 10

    private enum State {
        case open
        case closing
        case closed
    }

    private let consumer: any WebSocketConsumer
    private let settings: WebSocketSettings
    private var reader: WebSocketReader
    private var state = State.open
    private var context: ChannelHandlerContext?
    private var held: ByteBuffer?
    private var events: [WebSocketEvent] = []
    private var gathered = ByteBuffer()
    private var hasUnflushed = false
    private var isPaused = false
    private var missedPings = 0
    private var pinging: RepeatedTask?

    init(consumer: any WebSocketConsumer, settings: WebSocketSettings) {
        self.consumer = consumer
        self.settings = settings
        self.reader = WebSocketReader(longestMessage: settings.longestMessage)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let interval = TimeAmount.nanoseconds(settings.pingInterval.wholeNanoseconds)
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        pinging = context.eventLoop.scheduleRepeatedTask(
            initialDelay: interval, delay: interval
        ) { _ in loopBound.value.ping() }
        consumer.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: close(.goingAway)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { consumer.drained(unsent: unsentBytes) }
        context.fireChannelWritabilityChanged()
    }

    private func finish() {
        guard state != .closed else { return }
        state = .closed
        pinging?.cancel()
        pinging = nil
        held = nil
        consumer.closed()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        missedPings = 0
        guard state == .open || state == .closing else { return }
        var bytes = unwrapInboundIn(data)
        let wasHeld = held != nil
        if var earlier = held {
            held = nil
            earlier.writeBuffer(&bytes)
            bytes = earlier
        }
        let before = bytes.readableBytes
        do throws(WebSocketClosure) {
            try reader.read(&bytes, into: &events)
            deliverEvents()
        } catch {
            deliverEvents()
            close(error)
            return
        }
        guard bytes.readableBytes > 0, state != .closed else { return }
        let isUntouched = bytes.readableBytes == before
        held = wasHeld && isUntouched ? bytes : copy(bytes)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .open { consumer.receiveComplete() }
        flush()
        context.fireChannelReadComplete()
    }

    /// The beginning of a frame in a buffer of its own, with room for the rest if that is not much.
    ///
    /// What came from the channel belongs to its pool, and what was delivered is held by others.
    private func copy(_ bytes: ByteBuffer) -> ByteBuffer {
        let room = max(bytes.readableBytes, min(reader.wanted, 1 << 20))
        var copy = ByteBufferAllocator().buffer(capacity: room)
        copy.writeImmutableBuffer(bytes)
        return copy
    }

    private func deliverEvents() {
        for event in events { deliver(event) }
        events.removeAll(keepingCapacity: events.count < 256)
    }

    private func deliver(_ event: WebSocketEvent) {
        switch (state, event) {
        case (.open, .text(let message)): consumer.received(message, isText: true)
        case (.open, .binary(let message)): consumer.received(message, isText: false)
        case (.open, .ping(let payload)):
            // Only the latest ping needs an answer (RFC 6455 section 5.5.3), and one that does not
            // read must not pile answers up.
            if context?.channel.isWritable == true { write(.pong, payload) }
        case (.open, .close(let closure)): answerClose(closure)
        case (.closing, .close): context?.close(promise: nil)
        case (_, .pong), (.closing, _), (.closed, _): break
        }
    }

    // MARK: Writing

    /// Bytes that were flushed and that the kernel has not taken yet.
    var unsentBytes: Int {
        // Mostly the kernel took it all, and asking the channel how much is left is slow.
        guard let channel = context?.channel, !channel.isWritable,
            let options = channel.syncOptions
        else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Queues one text message: `message` with `edit` applied to it.
    func send(_ message: ByteBuffer, edit: Edit) {
        guard state == .open else { return }
        let length = message.readableBytes - edit.removed.count + edit.inserted.count
        gathered.writeFrameHead(.text, length: length)
        hasUnflushed = true
        guard length > Self.gatherLimit else {
            gathered.writeMessage(message, edit: edit)
            return
        }
        let (head, tail) = message.parts(around: edit)
        writeSlice(head)
        gathered.writeBytes(edit.inserted)
        writeSlice(tail)
    }

    /// Queues a message of the consumer's own.
    func send(_ message: ByteBuffer, isText: Bool) {
        guard state == .open else { return }
        write(isText ? .text : .binary, message)
    }

    /// Hands what was queued to the kernel.
    func flush() {
        guard hasUnflushed, let context else { return }
        hasUnflushed = false
        writeGathered()
        context.flush()
        if gathered.capacity > Self.keptCapacity { gathered = ByteBuffer() }
    }

    private func write(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        gathered.writeFrameHead(opcode, length: payload.readableBytes)
        hasUnflushed = true
        if payload.readableBytes <= Self.gatherLimit {
            gathered.writeImmutableBuffer(payload)
        } else {
            writeSlice(payload)
        }
    }

    private func writeSlice(_ slice: ByteBuffer) {
        guard slice.readableBytes > 0 else { return }
        writeGathered()
        context?.write(wrapOutboundOut(slice), promise: nil)
    }

    private func writeGathered() {
        guard gathered.readableBytes > 0 else { return }
        context?.write(wrapOutboundOut(gathered), promise: nil)
        gathered.clear()
    }

    // MARK: Backpressure and signs of life

    /// Stops or resumes reading from the client.
    func pauseReading(_ paused: Bool) {
        guard isPaused != paused, let context else { return }
        isPaused = paused
        missedPings = 0
        try? context.channel.syncOptions?.setOption(.autoRead, value: !paused)
    }

    private func ping() {
        guard state == .open else { return }
        // While we do not read, a pong cannot be seen.
        if !isPaused { missedPings += 1 }
        guard missedPings <= settings.pingsMissed else {
            context?.close(promise: nil)
            return
        }
        write(.ping, ByteBuffer())
        flush()
    }

    // MARK: Closing

    /// Sends a close frame and closes when the client answers it, or when it does not in time.
    func close(_ closure: WebSocketClosure) {
        guard state == .open, let context else { return }
        state = .closing
        writeClose(closure)
        flush()
        pauseReading(false)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let timeout = TimeAmount.nanoseconds(settings.closeTimeout.wholeNanoseconds)
        context.eventLoop.scheduleTask(in: timeout) { loopBound.value.close(promise: nil) }
    }

    /// Answers the client's close frame with its own code; the server closes the connection first
    /// (RFC 6455 section 7.1.1).
    private func answerClose(_ closure: WebSocketClosure?) {
        guard let context else { return }
        state = .closing
        if let closure { writeClose(WebSocketClosure(closure.code, "")) } else { writeEmptyClose() }
        writeGathered()
        hasUnflushed = false
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in loopBound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        let timeout = TimeAmount.nanoseconds(settings.closeTimeout.wholeNanoseconds)
        context.eventLoop.scheduleTask(in: timeout) { loopBound.value.close(promise: nil) }
    }

    private func writeClose(_ closure: WebSocketClosure) {
        var payload = ByteBuffer()
        payload.writeInteger(closure.code)
        payload.writeString(String(closure.reason.prefix(40)))
        write(.close, payload)
    }

    private func writeEmptyClose() { write(.close, ByteBuffer()) }
}
