// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Names one client of a bridge: a WebSocket, or a task of our own that speaks to the browser.
///
/// The driver counts them up and never uses a number twice on one bridge.
public struct ClientID: Hashable, Comparable, Sendable {
    /// The driver's number for this client.
    public let number: Int

    /// Makes the identifier with the driver's `number`.
    public init(_ number: Int) {
        self.number = number
    }

    /// Orders clients by when they came.
    public static func < (left: ClientID, right: ClientID) -> Bool {
        left.number < right.number
    }
}

/// Where a client's messages without a `sessionId` go.
public enum ClientRoot: Equatable, Sendable {
    /// The browser itself, as on `/devtools/browser/…`.
    case browser
    /// One page or worker, as on `/devtools/page/…`; the value is Chromium's `targetId`.
    case target(String)
}

/// How full the send queue of a client is, against the bound the driver set for it.
public enum QueueLevel: Equatable, Sendable {
    /// At most half of the bound.
    case low
    /// Over half of the bound; what the client holds back is let go.
    case half
    /// At the bound; the client is closed.
    case full
}

/// Why the bridge wants a client's connection closed.
public enum ClientCloseReason: String, Equatable, Sendable, CaseIterable {
    /// Its send queue reached the bound (close code 4005).
    case readerTooSlow = "reader-too-slow"
    /// It sent something that is not a JSON object (close code 4006).
    case protocolError = "protocol-error"
    /// The page its connection was made for is gone (close code 1000, as Chromium closes it).
    case targetClosed = "target-closed"
    /// The browser ended its root session or its pipe (close code 4003).
    case browserCrashed = "crashed"

    /// The WebSocket close code that belongs to the reason.
    public var closeCode: UInt16 {
        switch self {
        case .readerTooSlow: 4005
        case .protocolError: 4006
        case .targetClosed: 1000
        case .browserCrashed: 4003
        }
    }
}
