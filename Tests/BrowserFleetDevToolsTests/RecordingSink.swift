// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetDevTools
import NIOCore
import Synchronization

/// A client's far side that keeps what it is sent.
final class RecordingSink: DevToolsClientSink {
    private struct State {
        var messages: [String] = []
        var closed: DevToolsCloseReason?
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var isPaused = false
    }

    let eventLoop: any EventLoop
    /// What the sink says it could not write.
    let unsent = Atomic<Int>(0)
    private let state = Mutex(State())

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    var unsentBytes: Int { unsent.load(ordering: .relaxed) }
    var messages: [String] { state.withLock { $0.messages } }
    var closeReason: DevToolsCloseReason? { state.withLock { $0.closed } }

    /// Returns once `count` messages have come, or the connection was closed.
    func received(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.messages.count >= count || state.closed != nil { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isDue { continuation.resume() }
        }
    }

    /// Returns once the connection was closed.
    func closed() async { await received(.max) }

    func send(_ message: ByteBuffer, edit: Edit) {
        eventLoop.assertInEventLoop()
        let bytes = edit.applied(to: Array(message.readableBytesView))
        update { $0.messages.append(String(decoding: bytes, as: UTF8.self)) }
    }

    func flush() {}

    func pauseReading(_ paused: Bool) {
        state.withLock { $0.isPaused = paused }
    }

    func close(_ reason: DevToolsCloseReason) {
        update { $0.closed = reason }
    }

    private func update(_ body: (inout State) -> Void) {
        let due = state.withLock { state in
            body(&state)
            let isClosed = state.closed != nil
            let count = state.messages.count
            let due = state.waiters.filter { isClosed || $0.count <= count }
            state.waiters.removeAll { isClosed || $0.count <= count }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }
}

extension DevToolsClient {
    /// Sends one message as a socket on `loop` would.
    func send(_ text: String, on loop: any EventLoop) {
        loop.execute {
            receive(ByteBuffer(string: text))
            receiveComplete()
        }
    }
}
