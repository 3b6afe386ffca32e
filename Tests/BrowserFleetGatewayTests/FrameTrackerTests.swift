// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import BrowserFleetGateway

@Suite struct FrameTrackerTests {
    private static func frame(
        _ opcode: UInt8, payload: Int, isMasked: Bool = false
    ) -> [UInt8] {
        let mask: UInt8 = isMasked ? 0x80 : 0
        var bytes: [UInt8] = [0x80 | opcode]
        switch payload {
        case 0...125: bytes.append(mask | UInt8(payload))
        case 126...0xffff:
            bytes += [mask | 126, UInt8(payload >> 8), UInt8(payload & 0xff)]
        case _:
            bytes.append(mask | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payload >> shift))
            }
        }
        if isMasked { bytes += [1, 2, 3, 4] }
        // Bytes that would be heads of close frames, were they looked at.
        return bytes + [UInt8](repeating: 0x88, count: payload)
    }

    @Test(
        "a frame ends where its head says, whatever its payload and however it is cut",
        arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 70_000], [false, true])
    func ends(payload: Int, isMasked: Bool) {
        let bytes = Self.frame(0x1, payload: payload, isMasked: isMasked)
        for size in [1, 2, 3, 7, 1000, bytes.count] {
            var tracker = FrameTracker()
            for start in stride(from: 0, to: bytes.count, by: size) {
                let end = min(start + size, bytes.count)
                tracker.follow(ByteBuffer(bytes: bytes[start..<end]))
                #expect(tracker.isBetweenFrames == (end == bytes.count))
            }
            #expect(!tracker.sawClose)
        }
    }

    @Test func `a close frame is seen among others, by its first byte`() {
        var tracker = FrameTracker()
        tracker.follow(ByteBuffer(bytes: Self.frame(0x2, payload: 300)))
        tracker.follow(ByteBuffer(bytes: Self.frame(0x9, payload: 4)))
        #expect(!tracker.sawClose)
        let close = Self.frame(0x8, payload: 2)
        tracker.follow(ByteBuffer(bytes: close[..<1]))
        #expect(tracker.sawClose)
        #expect(!tracker.isBetweenFrames)
        tracker.follow(ByteBuffer(bytes: close[1...]))
        #expect(tracker.isBetweenFrames)
    }

    @Test func `a length beyond all bounds does not overflow`() {
        var tracker = FrameTracker()
        tracker.follow(ByteBuffer(bytes: [0x81, 127] + [UInt8](repeating: 0xff, count: 8)))
        tracker.follow(ByteBuffer(repeating: 0, count: 100))
        #expect(!tracker.isBetweenFrames)
    }

    @Test func `what a gateway says itself is one whole close frame`() {
        var tracker = FrameTracker()
        tracker.follow(TunnelClosure.serverLost.frame)
        #expect(tracker.sawClose)
        #expect(tracker.isBetweenFrames)
    }
}
