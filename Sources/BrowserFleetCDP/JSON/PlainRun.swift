// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Finds where the plain part of a string ends, eight bytes at a step.
///
/// Plain bytes are ASCII that needs no look of its own: no quote, no backslash, no control
/// character. Strings are most of what clients send, so this loop is the speed of the scanner.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The offset of the first byte at or after `start` that is not plain, or the end.
    @inline(__always)
    static func end(_ text: borrowing Span<UInt8>, from start: Int) -> Int {
        var index = start
        unsafe text.withUnsafeBufferPointer { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            // The load is inside the buffer: index + 8 <= count is checked before each.
            while index + 8 <= raw.count,
                isPlain(unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            {
                index += 8
            }
            while index < raw.count, isPlain(unsafe raw[index]) { index += 1 }
        }
        return index
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != JSONByte.quote && byte != JSONByte.backslash
    }

    /// Whether all eight bytes are plain: a borrow out of a byte's top bit marks a byte that was
    /// less than what was taken away. False alarms are possible and only end the long steps.
    @inline(__always)
    private static func isPlain(_ word: UInt64) -> Bool {
        let quotes = word ^ (ones &* UInt64(JSONByte.quote))
        let backslashes = word ^ (ones &* UInt64(JSONByte.backslash))
        let controls = word &- (ones &* 0x20)
        return (word | controls | (quotes &- ones) | (backslashes &- ones)) & highs == 0
    }
}
