// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

extension ClientHandler {
    /// Takes up a request: reads what it asks for and has the route opened.
    func begin(_ head: HTTPRequestHead) {
        let isConnect = head.method == .CONNECT
        let request =
            isConnect
            ? ProxyRequestTarget(connect: head.uri)
            : ProxyRequestTarget(absolute: head.uri, isOptions: head.method == .OPTIONS)
        switch request {
        case nil:
            answer(.refused(.target), target: nil)
        case .tunnel(let target)?:
            open(target, for: .tunnel) { self.tunnel(through: $0) }
        case .exchange(let target, let path)?:
            beginExchange(head, with: target, path: path)
        }
    }

    /// A connection is kept for the same target. The route cannot have changed under it: a change
    /// closes every connection.
    private func beginExchange(_ head: HTTPRequestHead, with target: EgressTarget, path: String) {
        guard let framing = HopByHop.framing(of: head.headers) else {
            answer(.failed(.protocolError), target: target)
            return
        }
        let exchange = Exchange(target: target, path: path, head: head, framing: framing)
        if let link, link.target == target, link.handler.isOpen {
            start(exchange, over: link)
            return
        }
        open(target, for: .exchange) { self.start(exchange, over: $0) }
    }

    private func open(
        _ target: EgressTarget, for purpose: RouteOpener.Purpose,
        then proceed: @escaping (RemoteConnection) -> Void
    ) {
        guard let context else { return }
        link?.handler.release()
        link = nil
        phase = .opening
        openings += 1
        let ticket = openings
        RouteOpener(core: core, loop: context.eventLoop).open(target, for: purpose)
            .assumeIsolated().whenComplete { result in
                let isWanted = ticket == self.openings
                switch result {
                case .success(let connection) where isWanted: proceed(connection)
                case .success(let connection): connection.abort()
                case .failure(let error) where isWanted: self.openingFailed(error, target)
                case .failure: break
                }
            }
    }

    private func openingFailed(_ error: any Error, _ target: EgressTarget) {
        answer(error as? EgressProblem ?? .failed(.unreachable), target: target)
    }

    private func start(_ exchange: Exchange, over connection: RemoteConnection) {
        do {
            let handler = try RemoteHandler.install(
                on: connection.channel, for: self, limits: core.limits)
            if let handshake = connection.handshake?.value {
                connection.channel.pipeline.syncOperations.removeHandler(handshake)
                    .whenFailure { _ in connection.abort() }
            }
            let link = Link(
                handler: handler, httpProxy: connection.httpProxy, target: exchange.target)
            self.link = link
            start(exchange, over: link)
        } catch {
            connection.abort()
            answer(.failed(.unreachable), target: exchange.target)
        }
    }

    private func start(_ exchange: Exchange, over link: Link) {
        phase = .exchanging(exchange)
        link.handler.write(.head(exchange.outboundHead(through: link.httpProxy)))
        takeHeld()
        link.handler.flush()
        resumeReading()
    }

    /// Passes a part of the request's body, or its end, to the outside. Trailers are dropped, as
    /// RFC 9110 section 6.5.1 lets a proxy do.
    func passOn(_ part: HTTPServerRequestPart, of exchange: Exchange) {
        switch part {
        case .head:
            abort()
        case .body(let bytes):
            link?.handler.write(.body(.byteBuffer(bytes)))
        case .end:
            link?.handler.write(.end(nil))
            var exchange = exchange
            exchange.isRequestOver = true
            phase = .exchanging(exchange)
        }
    }

    private func tunnel(through connection: RemoteConnection) {
        guard let context else { return connection.abort() }
        phase = .tunnelling
        openings += 1
        let status = HTTPResponseStatus.custom(code: 200, reasonPhrase: "Connection established")
        let head = HTTPResponseHead(version: .http1_1, status: status)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        let browser = Tunnel.End(
            channel: context.channel, leaving: [codec.encoder, self, codec.decoder])
        let outside = Tunnel.End(
            channel: connection.channel, leaving: connection.handshake.map { [$0.value] } ?? [])
        Tunnel.join(browser, outside, limits: core.limits)
    }
}

extension RemoteConnection {
    /// Closes a connection that nobody wants any more.
    func abort() {
        channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
    }
}
