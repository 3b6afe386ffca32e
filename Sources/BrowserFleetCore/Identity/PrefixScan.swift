// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One pass over the bytes in front of the underscore.
///
/// Applies the rules of a DNS name to the encoded form, so that decoding an ID has to build no
/// name to know that there is a valid one.
struct PrefixScan {
    private var position = 0
    private var run = 0
    private var label = 0
    private var name = 0

    /// The first fault in the first `count` of `bytes`; `nil` if they are a prefix.
    static func fault(in bytes: Span<UInt8>, count: Int) -> DecodeError? {
        var scan = PrefixScan()
        while scan.position < count {
            let byte = bytes[scan.position]
            if byte == ASCII.hyphen {
                scan.run += 1
            } else if let fault = scan.take(byte) {
                return fault
            }
            scan.position += 1
        }
        return scan.end()
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> DecodeError? {
        guard ASCII.isLowerCaseLetter(byte) || ASCII.isDigit(byte) else {
            let kind: DecodeError.Code.Kind =
                ASCII.isUpperCaseLetter(byte) ? .upperCase : .serverCharacter
            return DecodeError(kind, at: position, byte: byte)
        }
        if run > 0, let fault = endRun() { return fault }
        label += 1
        name += 1
        guard label <= ServerName.longestLabel else {
            return DecodeError(.labelTooLong, at: position)
        }
        return nil
    }

    private mutating func endRun() -> DecodeError? {
        guard label > 0 else { return DecodeError(.hyphenAtEdge, at: 0) }
        if run == 1 {
            label = 0
            name += 1
        } else {
            guard run.isMultiple(of: 2) else {
                return DecodeError(.oddHyphens, at: position - run)
            }
            label += run / 2
            name += run / 2
        }
        run = 0
        return nil
    }

    private func end() -> DecodeError? {
        guard position > 0 else { return DecodeError(.serverMissing, at: 0) }
        guard run == 0 else { return DecodeError(.hyphenAtEdge, at: position - run) }
        guard name <= ServerName.longestName else {
            return DecodeError(.serverTooLong, at: position)
        }
        return nil
    }
}
