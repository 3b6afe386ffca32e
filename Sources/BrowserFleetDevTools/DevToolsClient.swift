// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCDP
public import NIOCore

/// One attached client, as its socket sees it. Use it on the sink's event loop only.
public struct DevToolsClient: Sendable {
    /// The host's number for this client; grows, never used twice.
    public let id: ClientID
    private let core: BridgeCore
    /// The core stays on its loop as long as a client is attached.
    private let home: any EventLoop
    /// Whether that is the sink's loop too, so that calls need no hop.
    private let isAtHome: Bool

    init(id: ClientID, core: BridgeCore, sinkLoop: any EventLoop) {
        self.id = id
        self.core = core
        self.home = core.loop
        self.isAtHome = core.loop === sinkLoop
    }

    /// Takes one whole message of the client. Call ``receiveComplete()`` after the last of a read.
    public func receive(_ message: ByteBuffer) {
        guard isAtHome else {
            return home.execute { [self] in
                if core.isHome(home) { core.receive(from: id, message) }
            }
        }
        if core.isHome(home) { core.receive(from: id, message) }
    }

    /// Lets the messages of this wake-up go to the browser in one write.
    public func receiveComplete() {
        guard isAtHome else {
            return home.execute { [self] in
                if core.isHome(home) { core.finishWakeUp() }
            }
        }
        if core.isHome(home) { core.finishWakeUp() }
    }

    /// The socket took bytes: `unsent` are left. Call it when the socket becomes writable again.
    public func drained(unsent: Int) {
        onHome { [core, id] in core.queueDrained(id, unsent: unsent) }
    }

    /// The socket has gone. Harmless when the host closed it.
    public func detach() {
        onHome { [core, id] in core.detach(id) }
    }

    private func onHome(_ body: @escaping @Sendable () -> Void) {
        home.perform { [core, home] in
            if core.isHome(home) { body() }
        }
    }
}
