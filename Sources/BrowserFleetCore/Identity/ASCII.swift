// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The bytes that names and IDs are made of.
enum ASCII {
    static let hyphen = UInt8(ascii: "-")
    static let dot = UInt8(ascii: ".")
    static let underscore = UInt8(ascii: "_")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10
    }

    static func isLowerCaseLetter(_ byte: UInt8) -> Bool {
        byte &- 0x61 < 26
    }

    static func isUpperCaseLetter(_ byte: UInt8) -> Bool {
        byte &- 0x41 < 26
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || isDigit(byte)
    }

    static func lowerCased(_ byte: UInt8) -> UInt8 {
        isUpperCaseLetter(byte) ? byte | 0x20 : byte
    }

    /// The byte as a person can read it in an error: `'x'`, or `byte 0x1b` if it cannot be printed.
    ///
    /// Input comes from anybody and errors end in terminals and logs, so no control character and
    /// no half of a multi-byte character gets through.
    static func spelled(_ byte: UInt8) -> String {
        if byte == 0x20 { return "a space" }
        if byte > 0x20, byte < 0x7f { return "'\(Character(Unicode.Scalar(byte)))'" }
        return "byte 0x\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))"
    }
}
