// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Why a gateway ends a tunnel by itself, as its client hears it: close code and one word of the
/// API.
enum TunnelClosure: String, Hashable, Sendable {
    /// The server ended the connection without a close frame, or was silent for too long.
    case ownerUnreachable = "owner-unreachable"
    /// The server was declared lost.
    case serverLost = "server-lost"
    /// This gateway stops.
    case serverStopping = "server-stopping"

    /// The endpoint goes away (RFC 6455 section 7.4.1); clients know it and connect anew.
    static let code: UInt16 = 1001

    /// The whole close frame, as a server sends it: unmasked.
    var frame: ByteBuffer {
        var frame = ByteBuffer()
        frame.writeInteger(UInt8(0x88))
        frame.writeInteger(UInt8(2 + rawValue.utf8.count))
        frame.writeInteger(Self.code)
        frame.writeString(rawValue)
        return frame
    }
}
