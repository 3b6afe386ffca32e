// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTPTypes
import Synchronization

/// A connection between its acceptance and its first request.
///
/// A server that stops in between never takes it. Then it is closed: NIO ends the process over a
/// writer that nobody has finished.
final class AcceptedConnection: Sendable {
    typealias HTTP = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    private let http: HTTP
    private let isTaken = Atomic(false)

    init(_ http: HTTP) { self.http = http }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        Task { [http] in try? await http.executeThenClose { _, _ in } }
    }

    /// The socket, also of a connection that was not taken.
    var channel: any Channel { http.channel }

    /// The connection, for whoever reads its requests and closes it from now on.
    func take() -> HTTP {
        isTaken.store(true, ordering: .relaxed)
        return http
    }
}
