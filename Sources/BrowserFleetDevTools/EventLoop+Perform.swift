// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import NIOCore

extension EventLoop {
    /// Runs `body` at once when already on this loop, else soon: no hop where none is needed.
    func perform(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}

extension ByteBuffer {
    /// The bytes before and behind what `edit` leaves out, as views that copy nothing.
    func parts(around edit: Edit) -> (head: ByteBufferView, tail: ByteBufferView) {
        let view = readableBytesView
        let start = view.startIndex
        return (
            view[start..<start + edit.removed.lowerBound],
            view[start + edit.removed.upperBound..<view.endIndex]
        )
    }
}
