// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A connection to the outside that is ready for a request or for a tunnel's bytes. Lives on the
/// event loop of the browser's connection that it serves.
struct RemoteConnection: Sendable {
    let channel: any Channel
    /// The proxy at its other end, which wants absolute form and credentials.
    let upstream: UpstreamProxy?
    /// What spoke CONNECT with that proxy and leaves when the tunnel's bytes come.
    let handshake: NIOLoopBound<ProxyConnectHandler?>
}

/// The handlers of one pipeline that turn bytes into HTTP and back, kept so that they can leave.
struct HTTPCodec {
    let encoder: any RemovableChannelHandler
    let decoder: any RemovableChannelHandler
}
