// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// One end of a TCP connection in a test: writes what it is told and reads what it is asked for.
final class Peer: Sendable {
    struct Ended: Error {}

    let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Connects to a port of 127.0.0.1. With `reads` false nothing is read until asked for.
    static func connect(port: Int, reads: Bool = true) async throws -> Peer {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Peer(channel: channel, inbox: inbox)
    }

    /// The other end, once a server has accepted it.
    static func accepted(_ channel: any Channel) throws -> Peer {
        let inbox = Inbox()
        try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox))
        return Peer(channel: channel, inbox: inbox)
    }

    func write(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func write(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    /// Everything up to and including `mark`.
    func read(through mark: String) async throws -> String {
        let mark = Array(mark.utf8)
        return String(
            decoding: try await inbox.take { bytes in
                guard bytes.count >= mark.count else { return nil }
                return bytes.indices.dropLast(mark.count - 1)
                    .first { bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
                    .map { $0 + mark.count - bytes.startIndex }
            }, as: UTF8.self)
    }

    /// Exactly `count` bytes.
    func read(count: Int) async throws -> String {
        String(
            decoding: try await inbox.take { $0.count >= count ? count : nil }, as: UTF8.self)
    }

    /// Everything until the peer ends its direction; also what came before a reset.
    func readToEnd() async -> String {
        await inbox.waitForEnd()
        return String(decoding: inbox.rest(), as: UTF8.self)
    }

    /// Throws away what comes until `count` bytes have come in all.
    func discard(count: Int) async throws {
        var left = count
        while left > 0 {
            let most = left
            left -= try await inbox.take { $0.isEmpty ? nil : min($0.count, most) }.count
        }
    }

    /// How many bytes have come and were not asked for.
    var waiting: Int { inbox.count }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    func closeOutput() async throws {
        try await channel.close(mode: .output)
    }

    func close() async {
        try? await channel.close()
    }
}

/// What a `Peer` has received and nobody has asked for yet.
final class Inbox: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOver = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.bytes.count } }

    func append(_ buffer: ByteBuffer) {
        wake { $0.bytes.append(contentsOf: buffer.readableBytesView) }
    }

    func end() {
        wake { $0.isOver = true }
    }

    func rest() -> [UInt8] {
        state.withLock { state in
            defer { state.bytes = [] }
            return state.bytes
        }
    }

    /// The first so many bytes, as soon as `length` can tell how many.
    func take(_ length: @Sendable ([UInt8]) -> Int?) async throws -> [UInt8] {
        while true {
            let (taken, isOver, seen) = state.withLock { state -> ([UInt8]?, Bool, Int) in
                guard let count = length(state.bytes) else {
                    return (nil, state.isOver, state.bytes.count)
                }
                let taken = Array(state.bytes.prefix(count))
                state.bytes.removeFirst(count)
                return (taken, state.isOver, state.bytes.count)
            }
            if let taken { return taken }
            if isOver { throw Peer.Ended() }
            await waitForChange { $0.bytes.count == seen }
        }
    }

    func waitForEnd() async {
        while !state.withLock({ $0.isOver }) {
            await waitForChange { _ in true }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    private func waitForChange(unlessChanged isSame: (State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isOver || !isSame(state) { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            end()
        }
    }
}

/// Puts what a channel receives into an `Inbox`.
final class InboxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox

    init(_ inbox: Inbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.append(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { inbox.end() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.end()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.end()
        context.close(promise: nil)
    }
}
