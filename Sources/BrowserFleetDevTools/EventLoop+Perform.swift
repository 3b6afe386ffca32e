// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

package import BrowserFleetCDP
package import NIOCore

extension EventLoop {
    /// Runs `body` at once when already on this loop, else soon: no hop where none is needed.
    func perform(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}

extension ByteBuffer {
    /// The bytes before and behind what `edit` leaves out, as slices that copy nothing.
    package func parts(around edit: Edit) -> (head: ByteBuffer, tail: ByteBuffer) {
        let removed = edit.removed
        let rest = readableBytes - removed.upperBound
        return (
            getSlice(at: readerIndex, length: removed.lowerBound) ?? ByteBuffer(),
            getSlice(at: readerIndex + removed.upperBound, length: rest) ?? ByteBuffer()
        )
    }

    /// Writes `message` with `edit` applied to it; copies, so it is for short messages.
    package mutating func writeMessage(_ message: ByteBuffer, edit: Edit) {
        unsafe message.withUnsafeReadableBytes { bytes in
            let removed = edit.removed
            guard !removed.isEmpty || !edit.inserted.isEmpty else {
                unsafe writeBytes(bytes)
                return
            }
            unsafe writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<removed.lowerBound]))
            if !edit.inserted.isEmpty { writeBytes(edit.inserted) }
            unsafe writeBytes(UnsafeRawBufferPointer(rebasing: bytes[removed.upperBound...]))
        }
    }
}
