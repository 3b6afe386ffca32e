// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetDevTools
import NIOCore

/// One WebSocket that speaks CDP: joins a ``WebSocketHandler`` and a client of a `DevToolsHost`.
///
/// It exists before the socket does: the browser is attached first, so that a failure can still be
/// an HTTP answer. What the browser says until the socket opens is kept.
///
/// `@unchecked Sendable`: everything is used on ``eventLoop`` only.
final class DevToolsEndpoint: WebSocketConsumer, DevToolsClientSink, @unchecked Sendable {
    let eventLoop: any EventLoop
    private let metrics: ServerMetrics
    private let onClose: @Sendable (End?) -> Void
    private var client: DevToolsClient?
    private var socket: WebSocketHandler?
    private var early: [(message: ByteBuffer, edit: Edit)] = []
    private var earlyClose: DevToolsCloseReason?
    private var isDone = false
    private var closure: WebSocketClosure?
    private var roundTrips = RoundTripProbe()

    /// How a socket that was open ended.
    struct End: Sendable {
        /// Why we closed it; `nil` if the client did, or the connection broke.
        var reason: String?
    }

    /// Creates the far side of a socket that does not exist yet.
    ///
    /// - Parameters:
    ///   - eventLoop: the loop of the socket.
    ///   - metrics: hears of round trips and closes.
    ///   - onClose: called once: with the end of the socket, or with `nil` when it never came.
    init(
        eventLoop: any EventLoop, metrics: ServerMetrics,
        onClose: @escaping @Sendable (End?) -> Void
    ) {
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.onClose = onClose
    }

    /// Hands over the client that the host made for this sink; from any thread.
    func attached(_ client: DevToolsClient) {
        eventLoop.execute { [self] in
            if isDone { client.detach() } else { self.client = client }
        }
    }

    private func finish() {
        guard !isDone else { return }
        isDone = true
        client?.detach()
        client = nil
        let end = socket == nil ? nil : End(reason: closure?.reason)
        socket = nil
        early = []
        onClose(end)
    }

    // MARK: From the socket

    func opened(_ socket: WebSocketHandler) {
        guard !isDone else { return }
        self.socket = socket
        metrics.socketOpened()
        for (message, edit) in early { socket.send(message, edit: edit) }
        early = []
        socket.flush()
        if let earlyClose { close(earlyClose) }
    }

    func received(_ message: ByteBuffer, isText: Bool) {
        guard isText else {
            close(.clientFault)
            return
        }
        roundTrips.sent(message)
        client?.receive(message)
    }

    func receiveComplete() { client?.receiveComplete() }

    func drained(unsent: Int) { client?.drained(unsent: unsent) }

    func closed() { finish() }

    func abandoned() { eventLoop.execute { self.finish() } }

    private func close(_ closure: WebSocketClosure) {
        metrics.socketClosed(closure)
        self.closure = closure
        socket?.close(closure)
    }

    // MARK: From the browser

    var unsentBytes: Int { socket?.unsentBytes ?? 0 }

    func send(_ message: ByteBuffer, edit: Edit) {
        guard let socket else {
            if !isDone { early.append((message, edit)) }
            return
        }
        if let time = roundTrips.received(message) {
            metrics.roundTrip.recordNanoseconds(time.nanoseconds)
        }
        socket.send(message, edit: edit)
    }

    func flush() { socket?.flush() }

    func pauseReading(_ paused: Bool) { socket?.pauseReading(paused) }

    func close(_ reason: DevToolsCloseReason) {
        guard socket != nil else {
            earlyClose = reason
            return
        }
        client = nil
        close(WebSocketClosure(reason))
    }
}
