// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetRuntime
public import NIOCore
public import NIOHTTP1

/// How a server sends on requests about browsers of other servers.
///
/// The composition joins it to whatever carries the requests; `Gateway` of `BrowserFleetGateway`
/// does.
public struct RequestForwarding: Sendable {
    /// Makes the handler that carries requests of one connection, on its event loop.
    public typealias HandlerMaking =
        @Sendable (ForwardableConnection, any EventLoop) -> any RemovableChannelHandler

    /// Knows whose a browser is.
    public var owners: any Forwarding
    /// Whether a request comes from a gateway already: it is never sent on a second time, and its
    /// connection, which carries many clients, does not count for an address.
    public var isFromGateway: @Sendable (HTTPRequestHead) -> Bool
    /// Makes the handlers.
    public var makeHandler: HandlerMaking

    /// Creates the way.
    public init(
        owners: any Forwarding,
        isFromGateway: @escaping @Sendable (HTTPRequestHead) -> Bool = { _ in false },
        makeHandler: @escaping HandlerMaking
    ) {
        self.owners = owners
        self.isFromGateway = isFromGateway
        self.makeHandler = makeHandler
    }
}
