// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension JSONText {
    /// Where the bytes of a string stand, between its quotes, without copying or decoding them.
    ///
    /// For payloads that need no decoding, such as base64. `path` is a row of member names without
    /// escapes. Nil when the text is malformed on the way there, or there is no such string.
    public static func stringRange(
        in text: borrowing Span<UInt8>, path: [String]
    ) -> Range<Int>? {
        guard let value = valueRange(in: text, path: path),
            text[value.lowerBound] == JSONByte.quote
        else { return nil }
        return value.lowerBound + 1..<value.upperBound - 1
    }

    /// Where the value that `path` leads to stands; nil when there is none.
    public static func valueRange(
        in text: borrowing Span<UInt8>, path: [String]
    ) -> Range<Int>? {
        var start = skipSpace(text, at: 0)
        for name in path {
            guard let next = value(of: name, in: text, at: start) else { return nil }
            start = next
        }
        guard let end = skipValue(text, at: start) else { return nil }
        return start..<end
    }

    /// The first byte of the value of the first member called `name` of the object at `start`.
    private static func value(
        of name: String, in text: borrowing Span<UInt8>, at start: Int
    ) -> Int? {
        guard start < text.count, text[start] == JSONByte.openBrace else { return nil }
        var index = skipSpace(text, at: start + 1)
        while index < text.count, let first = skipName(text, at: index) {
            if isName(name, text, at: index) { return first }
            guard let end = skipValue(text, at: first) else { return nil }
            let comma = skipSpace(text, at: end)
            guard comma < text.count, text[comma] == JSONByte.comma else { return nil }
            index = skipSpace(text, at: comma + 1)
        }
        return nil
    }

    private static func isName(
        _ name: String, _ text: borrowing Span<UInt8>, at quote: Int
    ) -> Bool {
        var index = quote + 1
        for byte in name.utf8 {
            guard index < text.count, text[index] == byte else { return false }
            index += 1
        }
        return index < text.count && text[index] == JSONByte.quote
    }
}
