// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import HTTPTypes
import NIOCore

/// A request to become a WebSocket, before anything was answered.
struct UpgradeRequest: Sendable {
    /// The request's head; its path holds the query.
    var head: HTTPRequest
    /// Who asks.
    var client: ConnectedClient
    /// The ID of the call.
    var identity: CallIdentity
    /// The connection that would become the socket.
    var channel: any Channel
}

/// The answer to an ``UpgradeRequest``.
enum UpgradeAnswer: Sendable {
    /// An HTTP answer with a problem body; then the connection is closed.
    case refuse(Problem)
    /// The connection becomes a WebSocket with this behind it.
    case accept(any WebSocketConsumer)
    /// The connection is spliced to another server's socket, with this target in the place of its
    /// own; `abandoned` is called if it comes to nothing.
    case forward(target: String, abandoned: @Sendable () -> Void)
}

extension UpgradeAnswer {
    /// Nobody is there any more to take the answer.
    func abandon() {
        switch self {
        case .accept(let consumer): consumer.abandoned()
        case .forward(_, let abandoned): abandoned()
        case .refuse: break
        }
    }
}

/// Decides about an upgrade. Cancelled when the client goes away before the decision.
typealias UpgradeDecision = @Sendable (UpgradeRequest) async -> UpgradeAnswer
