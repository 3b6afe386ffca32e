// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A connection to the outside that is ready for a request or for a tunnel's bytes. Lives on the
/// event loop of the browser's connection that it serves.
struct RemoteConnection: Sendable {
    let channel: any Channel
    /// The proxy that requests over it are meant for, in absolute form and with credentials; nil
    /// if they go to the target itself, be it through a proxy.
    let httpProxy: UpstreamProxy?
    /// What spoke with a proxy and must leave when the target's bytes come.
    let handshake: NIOLoopBound<UpstreamHandshake>?

    init(
        _ channel: any Channel, httpProxy: UpstreamProxy? = nil,
        handshake: NIOLoopBound<UpstreamHandshake>? = nil
    ) {
        self.channel = channel
        self.httpProxy = httpProxy
        self.handshake = handshake
    }
}

/// The handlers of one pipeline that turn bytes into HTTP and back, kept so that they can leave.
struct HTTPCodec {
    let encoder: any RemovableChannelHandler
    let decoder: any RemovableChannelHandler
}
