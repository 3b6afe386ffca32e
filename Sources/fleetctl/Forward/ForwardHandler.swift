// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore

/// Reads the head of one request, answers it or splices it, and leaves the pipeline.
final class ForwardHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: ForwardServer
    private var collected = ByteBuffer()
    private var isRouted = false

    init(_ server: ForwardServer) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        collected.writeImmutableBuffer(unwrapInboundIn(data))
        guard !isRouted, let end = endOfHead else {
            if !isRouted, collected.readableBytes > ForwardedRequest.longestHead {
                answer(context, 431, "head")
            }
            return
        }
        isRouted = true
        let text = collected.readString(length: end) ?? ""
        collected.moveReaderIndex(forwardBy: 4)
        guard let request = ForwardedRequest(head: text) else {
            return answer(context, 400, "request")
        }
        switch request.route(to: server.browser.text) {
        case .refused(let status, let word): answer(context, status, word)
        case .discovery(let path): discover(context, path, request)
        case .socket(let path): splice(context, path, request)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // Where the empty line begins.
    private var endOfHead: Int? {
        let bytes = collected.readableBytesView
        guard bytes.count >= 4 else { return nil }
        let mark = Array("\r\n\r\n".utf8)
        for start in bytes.indices.dropLast(3) where bytes[start...].starts(with: mark) {
            return start - bytes.startIndex
        }
        return nil
    }

    private func discover(
        _ context: ChannelHandlerContext, _ path: String, _ request: ForwardedRequest
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let host = request.header("host") ?? "127.0.0.1"
        let promise = context.eventLoop.makePromise(of: String?.self)
        promise.completeWithTask { [server] in await server.discovery(path, askedAt: host) }
        promise.futureResult.whenSuccess { text in
            let (handler, context) = bound.value
            if let text {
                handler.answer(context, 200, text, type: "application/json; charset=UTF-8")
            } else {
                handler.answer(context, 502, "the fleet did not answer")
            }
        }
    }

    private func splice(
        _ context: ChannelHandlerContext, _ path: String, _ request: ForwardedRequest
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let forwarded = request.forwarded(
            to: path, host: "\(server.host):\(server.port)", key: server.access.apiKey)
        server.connect(on: context.eventLoop).whenComplete { result in
            let (handler, context) = bound.value
            switch result {
            case .failure: handler.answer(context, 502, "the fleet did not answer")
            case .success(let fleet): handler.join(context, fleet, forwarded)
            }
        }
    }

    private func join(
        _ context: ChannelHandlerContext, _ fleet: any Channel, _ request: ForwardedRequest
    ) {
        let (near, far) = SpliceHandler.pair()
        do {
            try context.channel.pipeline.syncOperations.addHandler(near)
            try fleet.pipeline.syncOperations.addHandler(far)
        } catch {
            fleet.close(promise: nil)
            return context.close(promise: nil)
        }
        var bytes = ByteBuffer(string: request.head)
        bytes.writeBuffer(&collected)
        fleet.writeAndFlush(bytes, promise: nil)
        fleet.read()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func answer(
        _ context: ChannelHandlerContext, _ status: Int, _ body: String,
        type: String = "text/plain; charset=UTF-8"
    ) {
        isRouted = true
        let head = """
            HTTP/1.1 \(status) \(status == 200 ? "OK" : "Refused")\r
            Content-Type: \(type)\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r

            """
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head + body))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
