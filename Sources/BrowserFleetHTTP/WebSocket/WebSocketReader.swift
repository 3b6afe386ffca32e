// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What a client sent, as whole messages.
enum WebSocketEvent: Equatable, Sendable {
    case text(ByteBuffer)
    case binary(ByteBuffer)
    case ping(ByteBuffer)
    case pong
    /// The client closes; `nil` is a close frame without a code.
    case close(WebSocketClosure?)
}

/// Reads the frames of a client (RFC 6455 sections 5 and 7): masked, without extensions, fragments
/// put together, everything bounded.
///
/// A value without effects: bytes in, events out. States: between messages -> in a fragmented
/// message -> between messages; closed follows a close frame and stays.
struct WebSocketReader {
    private let longestMessage: Int
    private var frames: [WebSocketFrame] = []
    private var assembly: (opcode: WebSocketOpcode, bytes: ByteBuffer)?
    /// Where the scan stands in a fragmented message: its kind and length so far.
    private var scanned: (opcode: WebSocketOpcode, length: Int)?
    private var isClosed = false

    /// Bytes that the frame at the end of what was read has in all, as far as its head tells.
    private(set) var wanted = 0

    /// Creates a reader for messages of at most `longestMessage` bytes.
    init(longestMessage: Int) {
        self.longestMessage = longestMessage
    }

    /// Takes every whole frame out of `buffer` and appends what they say to `events`.
    ///
    /// - Throws: how to close, when a frame breaks the rules; the events before it stand.
    mutating func read(
        _ buffer: inout ByteBuffer, into events: inout [WebSocketEvent]
    ) throws(WebSocketClosure) {
        frames.removeAll(keepingCapacity: true)
        var fault: WebSocketClosure?
        do { try scan(buffer) } catch { fault = error }
        buffer.unmask(frames)
        let start = buffer.readerIndex
        for frame in frames {
            guard !isClosed,
                let payload = buffer.getSlice(
                    at: start + frame.payloadOffset, length: frame.payloadLength)
            else { break }
            try deliver(frame, payload, into: &events)
        }
        buffer.moveReaderIndex(forwardBy: frames.last?.end ?? 0)
        if let fault, !isClosed { throw fault }
    }

    // MARK: Scanning

    private mutating func scan(_ buffer: ByteBuffer) throws(WebSocketClosure) {
        let bytes = buffer.readableBytesUInt8Span
        var offset = 0
        wanted = 0
        while let head = try Self.head(bytes, at: offset) {
            try admit(head)
            guard head.end <= bytes.count else {
                wanted = head.end - offset
                return
            }
            note(head)
            frames.append(head)
            offset = head.end
        }
    }

    /// The head at `offset`; `nil` while it has not come whole.
    private static func head(
        _ bytes: borrowing Span<UInt8>, at offset: Int
    ) throws(WebSocketClosure) -> WebSocketFrame? {
        guard offset + 2 <= bytes.count else { return nil }
        let (first, second) = (bytes[offset], bytes[offset + 1])
        guard first & 0x70 == 0, let opcode = WebSocketOpcode(rawValue: first & 0x0f),
            second & 0x80 != 0
        else { throw .protocolFault }
        var length = UInt64(second & 0x7f)
        var next = offset + 2
        let wide = length == 126 ? 2 : length == 127 ? 8 : 0
        guard next + wide + 4 <= bytes.count else { return nil }
        if wide > 0 {
            length = 0
            for index in next..<(next + wide) { length = length << 8 | UInt64(bytes[index]) }
            // The shortest form is required (RFC 6455 section 5.2).
            guard length > (wide == 2 ? 125 : 0xffff) else { throw .protocolFault }
            next += wide
        }
        var mask: UInt32 = 0
        for index in 0..<4 { mask |= UInt32(bytes[next + index]) << UInt32(8 * index) }
        guard let payloadLength = Int(exactly: length), payloadLength < 1 << 40 else {
            throw .tooBig
        }
        return WebSocketFrame(
            opcode: opcode, isFinal: first & 0x80 != 0, mask: mask, payloadOffset: next + 4,
            payloadLength: payloadLength)
    }

    private func admit(_ frame: WebSocketFrame) throws(WebSocketClosure) {
        if frame.opcode.isControl {
            guard frame.isFinal, frame.payloadLength <= 125 else { throw .protocolFault }
            return
        }
        guard (frame.opcode == .continuation) == (scanned != nil) else { throw .protocolFault }
        guard (scanned?.length ?? 0) + frame.payloadLength <= longestMessage else { throw .tooBig }
    }

    private mutating func note(_ frame: WebSocketFrame) {
        guard !frame.opcode.isControl else { return }
        if frame.isFinal {
            scanned = nil
        } else {
            let opcode = scanned?.opcode ?? frame.opcode
            scanned = (opcode, (scanned?.length ?? 0) + frame.payloadLength)
        }
    }

    // MARK: Delivering

    private mutating func deliver(
        _ frame: WebSocketFrame, _ payload: ByteBuffer, into events: inout [WebSocketEvent]
    ) throws(WebSocketClosure) {
        switch frame.opcode {
        case .ping: events.append(.ping(payload))
        case .pong: events.append(.pong)
        case .close:
            isClosed = true
            events.append(.close(try Self.closure(payload)))
        case .text, .binary:
            guard frame.isFinal else {
                assembly = (frame.opcode, payload)
                return
            }
            try deliver(frame.opcode, payload, into: &events)
        case .continuation:
            guard let opcode = assembly?.opcode, var bytes = assembly?.bytes else {
                throw .protocolFault
            }
            assembly = nil
            bytes.writeImmutableBuffer(payload)
            guard frame.isFinal else {
                assembly = (opcode, bytes)
                return
            }
            try deliver(opcode, bytes, into: &events)
        }
    }

    private func deliver(
        _ opcode: WebSocketOpcode, _ message: ByteBuffer, into events: inout [WebSocketEvent]
    ) throws(WebSocketClosure) {
        guard opcode == .text else {
            events.append(.binary(message))
            return
        }
        guard Self.isUTF8(message) else { throw .invalidText }
        events.append(.text(message))
    }

    private static func isUTF8(_ bytes: ByteBuffer) -> Bool {
        do {
            _ = try UTF8Span(validating: bytes.readableBytesUInt8Span)
            return true
        } catch {
            return false
        }
    }

    private static func closure(
        _ payload: ByteBuffer
    ) throws(WebSocketClosure) -> WebSocketClosure? {
        var payload = payload
        guard payload.readableBytes > 0 else { return nil }
        guard let code = payload.readInteger(as: UInt16.self), mayBeSent(code) else {
            throw .protocolFault
        }
        guard isUTF8(payload) else { throw .invalidText }
        return WebSocketClosure(code, String(buffer: payload))
    }

    /// Codes that may stand in a frame (RFC 6455 section 7.4 and its registry).
    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
