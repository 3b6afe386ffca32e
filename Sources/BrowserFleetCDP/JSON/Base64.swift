// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Base64 with the standard alphabet (RFC 4648 section 4), as CDP uses for pictures and files.
public enum Base64: Sendable {
    /// The bytes that `text` stands for; nil if it is not padded base64 and nothing else.
    public static func decode(_ text: borrowing Span<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        guard text.count > 0 else { return [] }
        let padding = text[text.count - 1] != pad ? 0 : text[text.count - 2] != pad ? 1 : 2
        let digits = text.count - padding
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for index in 0..<digits {
            let value = values[Int(text[index])]
            guard value < 64 else { return nil }
            group = group << 6 | UInt32(value)
            if index & 3 == 3 { append(group, count: 3, to: &bytes) }
        }
        guard padding > 0 else { return bytes }
        append(group << UInt32(6 * padding), count: 3 - padding, to: &bytes)
        return bytes
    }

    private static func append(_ group: UInt32, count: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: group >> 16))
        if count > 1 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
        if count > 2 { bytes.append(UInt8(truncatingIfNeeded: group)) }
    }

    private static let pad = UInt8(ascii: "=")
    private static let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    /// The six bits of every byte that is a digit, 255 for the others.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, digit) in alphabet.utf8.enumerated() { table[Int(digit)] = UInt8(value) }
        return table
    }()
}
