// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore

/// A WebSocket between a client and a server, passed on as bytes.
///
/// States: open -> closing (a close frame of ours waits for the end of a frame) -> awaiting (one
/// side is over, the other is given a moment) -> cut; open -> awaiting.
final class Tunnel {
    private enum State {
        case open
        case closing(TunnelClosure)
        case awaiting(TunnelEnd.Side)
        case cut
    }

    /// The server at the far end.
    let server: ServerName
    /// Where the tunnel stands in the list of its loop.
    var place = 0

    private let loop: GatewayLoop
    private var state = State.open
    private var frames = FrameTracker()
    /// Ticks since the server was last heard.
    private var silentTicks = 0
    private var client: TunnelEnd?
    private var upstream: TunnelEnd?

    private init(to server: ServerName, on loop: GatewayLoop) {
        self.server = server
        self.loop = loop
    }

    /// Makes a tunnel and its two ends, to be put at the ends of both pipelines.
    static func make(
        to server: ServerName, on loop: GatewayLoop
    ) -> (client: TunnelEnd, server: TunnelEnd) {
        let tunnel = Tunnel(to: server, on: loop)
        let (near, far) = (TunnelEnd(.client, of: tunnel), TunnelEnd(.server, of: tunnel))
        TunnelEnd.join(near, far)
        (tunnel.client, tunnel.upstream) = (near, far)
        loop.opened(tunnel)
        return (near, far)
    }

    // MARK: From the server

    /// Bytes of the server pass to the client.
    func heard(_ bytes: ByteBuffer) {
        silentTicks = 0
        frames.follow(bytes)
        loop.passage.toClients += bytes.readableBytes
    }

    /// Bytes of the client pass to the server.
    func heardClient(_ bytes: ByteBuffer) { loop.passage.toServers += bytes.readableBytes }

    /// All bytes of one reading have passed.
    func heardAll() {
        if case .closing(let closure) = state, frames.isBetweenFrames {
            leaveServer(saying: closure)
        }
    }

    // MARK: Ends

    /// One side is over: its connection is gone, or, if that is not whole, it only writes no more.
    func ended(_ side: TunnelEnd.Side, isWhole: Bool) {
        switch (side, state) {
        case (_, .cut), (.client, .awaiting(.server)), (.server, .awaiting(.client)): break
        case (.client, .open), (.client, .closing):
            // The server answers the end by its own, with what it still has to say before it.
            state = .awaiting(.server)
            if isWhole { client?.part() }
            upstream?.finish()
            linger()
        case (.client, .awaiting(.client)): if isWhole || client?.isFinished ?? true { cut() }
        case (.server, .awaiting(.server)): leaveServer(saying: nil)
        case (.server, .open): leaveServer(saying: .ownerUnreachable)
        case (.server, .closing(let closure)): leaveServer(saying: closure)
        }
    }

    /// Ends the tunnel from here: the client hears the reason as soon as a frame may be put in.
    func close(_ closure: TunnelClosure) {
        guard case .open = state else { return }
        guard !frames.isBetweenFrames else { return leaveServer(saying: closure) }
        state = .closing(closure)
        linger()
    }

    /// Leaves the server and says goodbye to the client, unless the server has done so or stopped
    /// within a frame, where nothing can be said.
    private func leaveServer(saying closure: TunnelClosure?) {
        state = .awaiting(.client)
        client?.part()
        upstream?.cut()
        let canSpeak = frames.isBetweenFrames && !frames.sawClose
        guard let client, client.finish(with: canSpeak ? closure?.frame : nil) else { return cut() }
        linger()
    }

    private func linger() {
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        loop.eventLoop.scheduleTask(in: loop.settings.linger) { bound.value.lingered() }
    }

    /// A frame that was waited for does not come any more: the client gets a clean end instead of a
    /// reason. What else was waited for is given up.
    private func lingered() {
        if case .closing = state { leaveServer(saying: nil) } else { cut() }
    }

    /// Ends both sides at once.
    func cut() {
        if case .cut = state { return }
        state = .cut
        loop.cut(self)
        let (near, far) = (client, upstream)
        (client, upstream) = (nil, nil)
        near?.part()
        far?.part()
        near?.cut()
        far?.cut()
    }

    // MARK: Signs of life

    /// Time passes: a server that is silent longer than its pings allow is taken to be gone.
    func tick() {
        guard case .open = state, let upstream else { return }
        // While nothing is read from it, it cannot be heard.
        silentTicks = upstream.isHeldUp ? 0 : silentTicks + 1
        guard silentTicks > loop.settings.silentTicks else { return }
        loop.forwarding.outcome(of: server, failed: true)
        leaveServer(saying: .ownerUnreachable)
    }
}
