// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import NIOCore

/// The browser's end of a fake DevTools pipe: answers as Chromium frames its answers
/// (`sessionId` last, NUL at the end), for a handful of methods.
///
/// `Fake.echo` answers its parameters, `Fake.silence` nothing, `Fake.flood` sends
/// `{count, bytes}` events, every other method an empty result.
final class FakeDevToolsPeer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var received = ByteBuffer()
    private var sessions = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        // Only what is new can hold the end of a message, however long it already is.
        var unseen = received.readableBytes
        received.writeBuffer(&bytes)
        while let end = received.readableBytesView.dropFirst(unseen).firstIndex(of: 0) {
            unseen = 0
            let message = received.readBytes(length: end - received.readerIndex) ?? []
            received.moveReaderIndex(forwardBy: 1)
            answer(message, context)
        }
        received.discardReadBytes()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    private func answer(_ message: [UInt8], _ context: ChannelHandlerContext) {
        guard let call = try? JSONValue.parse(message), let id = call["id"],
            let method = call["method"]?.stringValue
        else { return }
        let session = call["sessionId"]
        let params = call["params"] ?? .object([])
        switch method {
        case "Target.attachToBrowserTarget", "Target.attachToTarget":
            attach(id, params, session, context)
        case "Target.createTarget":
            let target = String(repeating: "F", count: 32)
            write(.init(id: id, result: ["targetId": .string(target)]), session, context)
        case "Browser.getVersion": write(.init(id: id, result: Self.version), session, context)
        case "Target.getTargets":
            write(.init(id: id, result: ["targetInfos": []]), session, context)
        case "Fake.echo": write(.init(id: id, result: params), session, context)
        case "Fake.silence": break
        case "Fake.flood":
            flood(params, session, context)
            write(.init(id: id, result: .object([])), session, context)
        default: write(.init(id: id, result: .object([])), session, context)
        }
    }

    private static let version: JSONValue = [
        "protocolVersion": "1.3", "product": "Fake/1.0", "revision": "@0",
        "userAgent": "Fake/1.0", "jsVersion": "0",
    ]

    private func attach(
        _ id: JSONValue, _ params: JSONValue, _ session: JSONValue?,
        _ context: ChannelHandlerContext
    ) {
        sessions += 1
        let number = String(sessions, radix: 16, uppercase: true)
        let name = String(repeating: "0", count: 32 - number.count) + number
        let target = params["targetId"]?.stringValue ?? "browser"
        let info: JSONValue = [
            "targetId": .string(target), "type": target == "browser" ? "browser" : "page",
            "title": "", "url": "", "attached": true, "canAccessOpener": false,
        ]
        let event: JSONValue = [
            "sessionId": .string(name), "targetInfo": info, "waitingForDebugger": false,
        ]
        write(.init(method: "Target.attachedToTarget", params: event), session, context)
        write(.init(id: id, result: ["sessionId": .string(name)]), session, context)
    }

    private func flood(
        _ params: JSONValue, _ session: JSONValue?, _ context: ChannelHandlerContext
    ) {
        let filler = String(repeating: "x", count: params["bytes"]?.intValue ?? 1024)
        for _ in 0..<(params["count"]?.intValue ?? 1) {
            let event = Answer(method: "Fake.drop", params: ["filler": .string(filler)])
            write(event, session, context)
        }
    }

    private struct Answer {
        var members: [JSONValue.Member]

        init(id: JSONValue, result: JSONValue) {
            members = [.init("id", id), .init("result", result)]
        }

        init(method: String, params: JSONValue) {
            members = [.init("method", .string(method)), .init("params", params)]
        }
    }

    private func write(
        _ answer: Answer, _ session: JSONValue?, _ context: ChannelHandlerContext
    ) {
        var members = answer.members
        if let session { members.append(.init("sessionId", session)) }
        var buffer = context.channel.allocator.buffer(capacity: 256)
        buffer.writeBytes(JSONValue.object(members).encoded())
        buffer.writeInteger(UInt8(0))
        context.write(wrapOutboundOut(buffer), promise: nil)
    }
}
