// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Follows the frames of a WebSocket by their heads alone (RFC 6455 section 5.2), so that it is
/// known where a frame of somebody else may be put in.
///
/// A value without effects; payloads are skipped, never looked at. States: in a head -> in a
/// payload -> in a head; a frame without payload goes from head to head.
struct FrameTracker: Hashable, Sendable {
    private enum Part: Hashable {
        /// The first byte of a head is next.
        case start
        /// The byte with the length is next.
        case length
        /// So many bytes of a long length, then the mask if there is one.
        case longLength(left: Int, isMasked: Bool)
        /// So many bytes of the mask.
        case mask(left: Int)
    }

    private static let closeOpcode: UInt8 = 0x8

    private var part = Part.start
    private var payloadLeft = 0
    private var opcode: UInt8 = 0

    /// Whether the head of a close frame has come: nothing may follow that frame.
    private(set) var sawClose = false

    /// Whether the bytes so far end with a whole frame, or are none.
    var isBetweenFrames: Bool { part == .start && payloadLeft == 0 }

    /// Takes the next bytes.
    mutating func follow(_ bytes: ByteBuffer) {
        follow(bytes.readableBytesUInt8Span)
    }

    /// Takes the next bytes.
    mutating func follow(_ bytes: Span<UInt8>) {
        var offset = 0
        while offset < bytes.count {
            if part == .start, payloadLeft > 0 {
                let skipped = min(payloadLeft, bytes.count - offset)
                payloadLeft -= skipped
                offset += skipped
            } else {
                take(bytes[offset])
                offset += 1
            }
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch part {
        case .start:
            opcode = byte & 0x0f
            if opcode == Self.closeOpcode { sawClose = true }
            part = .length
        case .length: takeLength(byte)
        case .longLength(let left, let isMasked):
            // More than any frame has; the ends judge it, here it must only not overflow.
            payloadLeft = (payloadLeft & (Int.max >> 9)) << 8 | Int(byte)
            part =
                left > 1
                ? .longLength(left: left - 1, isMasked: isMasked) : behindLength(isMasked)
        case .mask(let left): part = left > 1 ? .mask(left: left - 1) : .start
        }
    }

    private mutating func takeLength(_ byte: UInt8) {
        let isMasked = byte & 0x80 != 0
        switch byte & 0x7f {
        case 126: part = .longLength(left: 2, isMasked: isMasked)
        case 127: part = .longLength(left: 8, isMasked: isMasked)
        case let length:
            payloadLeft = Int(length)
            part = behindLength(isMasked)
        }
    }

    private func behindLength(_ isMasked: Bool) -> Part { isMasked ? .mask(left: 4) : .start }
}
