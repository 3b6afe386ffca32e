// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The check of what stands behind the underscore: 1 to 64 of `A-Z a-z 0-9 -`.
enum LocalPartScan {
    /// The first fault in `bytes` from `start` on; `nil` if that is a local part.
    static func fault(in bytes: Span<UInt8>, from start: Int) -> DecodeError? {
        guard start < bytes.count else { return DecodeError(.localMissing, at: start) }
        for position in start..<bytes.count {
            let byte = bytes[position]
            guard ASCII.isLetterOrDigit(byte) || byte == ASCII.hyphen else {
                return DecodeError(.localCharacter, at: position, byte: byte)
            }
        }
        guard bytes.count - start <= BrowserID.longestLocalPart else {
            return DecodeError(.localTooLong, at: start + BrowserID.longestLocalPart)
        }
        return nil
    }
}
