// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetDevTools

/// How a WebSocket is closed: a code and a reason, which is one word of the API.
///
/// Codes of RFC 6455 are used for faults in the framing, codes from 4000 for what the fleet has to
/// say (`CONTRACT` section 2).
struct WebSocketClosure: Hashable, Sendable, Error {
    /// The close code.
    var code: UInt16
    /// The reason: at most 123 bytes.
    var reason: String

    init(_ code: UInt16, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The frames break RFC 6455.
    static let protocolFault = WebSocketClosure(1002, "protocol-error")
    /// A text that is not UTF-8.
    static let invalidText = WebSocketClosure(1007, "protocol-error")
    /// A message over the limit.
    static let tooBig = WebSocketClosure(1009, "body-too-large")
    /// The client sent what CDP does not know, such as a binary message.
    static let clientFault = WebSocketClosure(4006, "protocol-error")
    /// The server goes away.
    static let goingAway = WebSocketClosure(1001, EndReason.serverStopping.rawValue)
}

extension WebSocketClosure {
    /// What clients are told when their browser ends.
    init(_ reason: EndReason) {
        let code: UInt16 =
            switch reason {
            case .clientClosed: 1000
            case .drained, .serverStopping: 1001
            case .deleted, .abandoned, .evicted: 4000
            case .idle, .disconnected, .neverConnected: 4001
            case .lifetime: 4002
            case .crashed, .unhealthy: 4003
            case .memoryLimit: 4004
            case .fenced: 4007
            }
        self.init(code, reason.rawValue)
    }

    /// What a client is told when the bridge lets it go.
    init(_ reason: DevToolsCloseReason) {
        switch reason {
        case .ended(let end): self.init(end)
        case .client(let fault): self.init(fault.closeCode, fault.rawValue)
        }
    }
}
