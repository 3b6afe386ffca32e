// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The kinds of frame of RFC 6455 section 11.8.
enum WebSocketOpcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xa

    /// Control frames may come between the fragments of a message.
    var isControl: Bool { rawValue >= 0x8 }
}

/// The head of a frame from a client, and where its payload lies.
struct WebSocketFrame: Equatable, Sendable {
    var opcode: WebSocketOpcode
    var isFinal: Bool
    /// The masking key, first byte lowest.
    var mask: UInt32
    /// Bytes from the start of what was scanned to the payload.
    var payloadOffset: Int
    var payloadLength: Int

    var end: Int { payloadOffset + payloadLength }
}

extension ByteBuffer {
    /// Writes the head of an unmasked, final frame: what a server sends.
    mutating func writeFrameHead(_ opcode: WebSocketOpcode, length: Int) {
        writeInteger(0x80 | opcode.rawValue)
        if length < 126 {
            writeInteger(UInt8(length))
        } else if length <= UInt16.max {
            writeInteger(UInt8(126))
            writeInteger(UInt16(length))
        } else {
            writeInteger(UInt8(127))
            writeInteger(UInt64(length))
        }
    }

    /// Unmasks the payloads of `frames` where they lie.
    ///
    /// All at once, before any is cut out: a slice that somebody holds would make the next change
    /// copy the whole buffer.
    mutating func unmask(_ frames: [WebSocketFrame]) {
        unsafe withUnsafeMutableReadableBytes { bytes in
            for frame in frames where frame.mask != 0 && frame.payloadLength > 0 {
                let payload = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: bytes[frame.payloadOffset..<frame.end])
                unsafe Self.unmask(payload, frame.mask)
            }
        }
    }

    private static func unmask(_ payload: UnsafeMutableRawBufferPointer, _ mask: UInt32) {
        let wide = UInt64(mask) << 32 | UInt64(mask)
        var offset = 0
        while offset + 8 <= payload.count {
            let word = unsafe payload.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            unsafe payload.storeBytes(
                of: (UInt64(littleEndian: word) ^ wide).littleEndian, toByteOffset: offset,
                as: UInt64.self)
            offset += 8
        }
        while offset < payload.count {
            let key = UInt8(truncatingIfNeeded: mask >> UInt32(8 * (offset & 3)))
            unsafe payload[offset] ^= key
            offset += 1
        }
    }
}
