// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCDP
public import BrowserFleetCore
public import NIOCore

/// The far side of one client: a WebSocket, as the host sees it.
///
/// Every call arrives on ``eventLoop``. The host calls ``flush()`` once after a batch of
/// ``send(_:edit:)``, so a sink that gathers small messages makes one system call a wake-up.
public protocol DevToolsClientSink: AnyObject, Sendable {
    /// The loop that the client's socket lives on.
    var eventLoop: any EventLoop { get }

    /// Bytes that were sent and flushed but not yet taken by the kernel; 0 while it keeps up.
    var unsentBytes: Int { get }

    /// Queues one whole CDP message, as text.
    ///
    /// - Parameters:
    ///   - message: the message as the browser wrote it; readable bytes only.
    ///   - edit: what to leave out and what to put there, counted from the reader index.
    func send(_ message: ByteBuffer, edit: Edit)

    /// Hands what was queued to the kernel.
    func flush()

    /// Stops or resumes reading from the client, because the browser does not keep up.
    func pauseReading(_ paused: Bool)

    /// Closes the connection; the sink turns the reason into a close code.
    func close(_ reason: DevToolsCloseReason)
}

/// Why the host closes a client.
public enum DevToolsCloseReason: Sendable, Equatable {
    /// The lease ended.
    case ended(EndReason)
    /// The client's own fault, or its page is gone.
    case client(ClientCloseReason)
}

/// A browser that clients can speak DevTools to; what an endpoint asks of a launcher's browser.
public protocol DevToolsServing: Sendable {
    /// The host of its DevTools pipe.
    var devTools: DevToolsHost { get }
}
