// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
public import BrowserFleetRuntime
import HTTPTypes
public import NIOCore
public import NIOHTTP1

/// One connection of a client, as it shows itself to what sends requests on; used on its event
/// loop.
public struct ForwardableConnection {
    private let settings: UpgradeGateSettings
    private let forwarding: RequestForwarding
    private let client: ConnectedClient
    private let gate: UpgradeGate
    /// How long the connection may stay without a request.
    public let idleTimeout: Duration

    init(
        _ forwarding: RequestForwarding, settings: UpgradeGateSettings, client: ConnectedClient,
        gate: UpgradeGate, idleTimeout: Duration
    ) {
        self.forwarding = forwarding
        self.settings = settings
        self.client = client
        self.gate = gate
        self.idleTimeout = idleTimeout
    }

    /// Who answers a request.
    public func decide(_ head: HTTPRequestHead) -> ForwardDecision {
        settings.decideForward(head)
    }

    /// The client's address, if it is known.
    public func address(of head: HTTPRequestHead) -> String? {
        client.address(of: head.headers)?.description
    }

    /// Whether the client speaks TLS, by a trusted proxy's word if it came through one.
    public func isSecure(_ head: HTTPRequestHead) -> Bool {
        let schemes = head.headers[InternalHeader.scheme]
        guard client.isBehindProxy, schemes.count == 1 else { return settings.isSecure }
        return schemes[0] == "https"
    }

    /// The ID of the call: the client's own if it is sane, else a new one.
    public func requestID(of head: HTTPRequestHead) -> String { UpgradeGate.identity(head).text }

    /// The answer to a request that could not be sent on. The refusal is noted.
    public func refusal(
        _ head: HTTPRequestHead, _ refusal: ForwardRefusal
    ) -> (HTTPResponseHead, ByteBuffer) {
        gate.refusal(head, Problem(refusal))
    }

    /// Takes every HTTP handler out of the pipeline, for bytes to come and go as they are; done when
    /// the parser has handed over what it read beyond the handshake.
    public func surrender() throws -> EventLoopFuture<Void> { try gate.surrender() }
}

@available(*, unavailable)
extension ForwardableConnection: Sendable {}

extension Problem {
    /// What a caller is told when no server answers for its browser.
    init(_ refusal: ForwardRefusal) {
        switch refusal {
        case .ownerUnreachable:
            self.init(
                .ownerUnreachable,
                "The server that owns the browser does not answer at the moment.")
        case .serverLost:
            self.init(
                .serverLost, "The server that owned the browser is lost, and the browser with it.")
        case .ownerUnknown:
            self.init(
                .ownerUnknown, "The browser ID names a server that is not part of this fleet.")
        }
    }
}
