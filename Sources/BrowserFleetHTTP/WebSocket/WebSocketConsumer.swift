// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What lies behind a WebSocket. Every call arrives on the socket's event loop.
///
/// Life: ``opened(_:)`` once, then any number of messages and drains, then ``closed()`` once; or
/// only ``abandoned()``, when the client went away before it could be told that it is connected.
protocol WebSocketConsumer: AnyObject, Sendable {
    /// The socket is open; messages may be sent from now on.
    func opened(_ socket: WebSocketHandler)
    /// One whole message.
    func received(_ message: ByteBuffer, isText: Bool)
    /// The last message of this read was delivered.
    func receiveComplete()
    /// The kernel took bytes; `unsent` are left.
    func drained(unsent: Int)
    /// The socket has gone, for whatever reason.
    func closed()
    /// The socket never opened.
    func abandoned()
}
