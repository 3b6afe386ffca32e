// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// A connection between its acceptance and its first request.
///
/// A server that stops in between never takes it. Then it is closed: NIO ends the process over a
/// writer that nobody has finished.
final class AcceptedConnection<Inbound: Sendable, Outbound: Sendable>: Sendable {
    private let wrapped: NIOAsyncChannel<Inbound, Outbound>
    private let isTaken = Atomic(false)

    init(_ wrapped: NIOAsyncChannel<Inbound, Outbound>) { self.wrapped = wrapped }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        Task { [wrapped] in try? await wrapped.executeThenClose { _, _ in } }
    }

    /// The socket, also of a connection that was not taken.
    var channel: any Channel { wrapped.channel }

    /// The connection, for whoever reads its requests and closes it from now on.
    func take() -> NIOAsyncChannel<Inbound, Outbound> {
        isTaken.store(true, ordering: .relaxed)
        return wrapped
    }
}
