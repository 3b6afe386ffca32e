// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

extension ClientHandler {
    /// A part of the response has come from the outside.
    func remoteSent(_ part: HTTPClientResponsePart) {
        guard case .exchanging(let exchange) = phase, let context else { return }
        switch part {
        case .head(let head):
            remoteSent(head, of: exchange)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        case .end:
            finish(exchange)
        }
    }

    private func remoteSent(_ head: HTTPResponseHead, of exchange: Exchange) {
        if head.status.code == 407 {
            return proxyAuthenticationFailed(exchange)
        }
        guard head.status.code != 101, let inbound = exchange.inboundHead(of: head) else {
            return answer(.failed(.protocolError), target: exchange.target)
        }
        let isInterim = (100...199).contains(head.status.code)
        if isInterim, exchange.isOldBrowser { return }
        context?.write(wrapOutboundOut(.head(inbound)), promise: nil)
        guard !isInterim else { return }
        var exchange = exchange
        exchange.isResponseBegun = true
        exchange.isRemoteSpent = !head.isKeepAlive
        phase = .exchanging(exchange)
    }

    /// The proxy's own 407 is never shown to the browser: its challenge would make the browser ask
    /// its client for a password that belongs to the create call. One that a server sends, not a
    /// proxy, is a trick and is not shown either.
    private func proxyAuthenticationFailed(_ exchange: Exchange) {
        let isProxy = link?.httpProxy != nil
        let failure: EgressFailure = isProxy ? .proxyAuthenticationFailed : .protocolError
        answer(.failed(failure), target: exchange.target)
    }

    private func finish(_ exchange: Exchange) {
        guard exchange.isResponseBegun else { return }
        context?.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        link?.hasServed = true
        if exchange.isRemoteSpent || !exchange.isRequestOver {
            link?.handler.release()
            link = nil
        }
        let needsEnd = exchange.isLast || exchange.isOldBrowser
        guard exchange.isRequestOver, !needsEnd else { return end() }
        phase = .waiting
        startHeadTimer()
        takeHeld()
        resumeReading()
    }

    func flushResponse() { context?.flush() }

    /// The outside has closed or failed. Before a response began on a connection that had served
    /// before, the browser is left to repeat the request, as it does when a server hangs up on it.
    func remoteEnded(broken: Bool) {
        let hadServed = link?.hasServed ?? false
        let unreachable: EgressFailure = link?.httpProxy == nil ? .unreachable : .proxyUnreachable
        link = nil
        guard case .exchanging(let exchange) = phase else { return }
        if exchange.isResponseBegun || hadServed {
            abort()
        } else {
            answer(.failed(broken ? .protocolError : unreachable), target: exchange.target)
        }
    }

    /// Answers in place of the outside, and ends the connection.
    func answer(_ problem: EgressProblem, target: EgressTarget?) {
        core.record(problem, target: target)
        if case .exchanging(let exchange) = phase, exchange.isResponseBegun { return abort() }
        answer(status: .init(statusCode: problem.status), text: problem.text)
    }

    /// The head could not be read, so there is no target to name.
    func refuseHead(isTooLarge: Bool) {
        core.record(.failed(.protocolError), target: nil)
        if isTooLarge {
            answer(status: .requestHeaderFieldsTooLarge, text: "The request's head is too large.\n")
        } else {
            answer(status: .badRequest, text: "The request cannot be read.\n")
        }
    }

    private func answer(status: HTTPResponseStatus, text: String) {
        guard let context else { return }
        let body = context.channel.allocator.buffer(string: text)
        let headers = HTTPHeaders([
            ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
            ("Content-Length", "\(body.readableBytes)"), ("Connection", "close"),
        ])
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        end()
    }

    /// Closes this side's direction once all is written and drops what still comes for a moment:
    /// closing at once would reset the connection and could take the answer back.
    private func end() {
        guard let context else { return }
        letGo()
        let channel = context.channel
        let timer = context.eventLoop.scheduleTask(in: TimeAmount(core.limits.lingerDeadline)) {
            channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
        }
        channel.closeFuture.whenComplete { _ in timer.cancel() }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        let nothing = context.channel.allocator.buffer(capacity: 0)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(nothing))), promise: promise)
        resumeReading()
    }
}
