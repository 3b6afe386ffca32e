// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension Collection<UInt8> {
    /// Calls `body` with the bytes in one piece, without copying them where they already are.
    ///
    /// Going through a string's own view byte by byte costs several times as much as the checks
    /// that are made on each byte.
    @inline(__always)
    func withBytes<Answer>(_ body: (Span<UInt8>) -> Answer) -> Answer {
        // Safe: the span cannot outlive the closure that the storage is lent to.
        let answer = withContiguousStorageIfAvailable { bytes in
            body(unsafe bytes.span)
        }
        return answer ?? body(Array(self).span)
    }
}
