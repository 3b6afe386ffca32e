// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension JSONText {
    /// Steps over the value that starts at `start`, `depth` containers deep in its message.
    static func skipValue(
        _ text: borrowing Span<UInt8>, at start: Int, depth: Int = 0
    ) -> Int? {
        var nesting = Nesting(room: maximumDepth - depth)
        var index = start
        while true {
            guard index < text.count else { return nil }
            switch text[index] {
            case JSONByte.openBrace:
                guard let next = open(text, at: index, object: true, &nesting) else { return nil }
                index = next.index
                if !next.isEmpty { continue }
            case JSONByte.openBracket:
                guard let next = open(text, at: index, object: false, &nesting) else { return nil }
                index = next.index
                if !next.isEmpty { continue }
            case JSONByte.quote:
                guard let next = skipString(text, at: index) else { return nil }
                index = next
            default:
                guard let next = skipScalar(text, at: index) else { return nil }
                index = next
            }
            guard let next = close(text, at: index, &nesting) else { return nil }
            index = next
            if nesting.depth == 0 { return index }
        }
    }

    /// Steps over a member's name and its colon to the first byte of its value.
    static func skipName(_ text: borrowing Span<UInt8>, at start: Int) -> Int? {
        guard let end = skipString(text, at: start) else { return nil }
        let colon = skipSpace(text, at: end)
        guard colon < text.count, text[colon] == JSONByte.colon else { return nil }
        return skipSpace(text, at: colon + 1)
    }

    /// Enters the container at `start`: to its first value, or over it if it is empty.
    private static func open(
        _ text: borrowing Span<UInt8>, at start: Int, object: Bool, _ nesting: inout Nesting
    ) -> (index: Int, isEmpty: Bool)? {
        let first = skipSpace(text, at: start + 1)
        guard first < text.count, nesting.depth < nesting.room else { return nil }
        let closing = object ? JSONByte.closeBrace : JSONByte.closeBracket
        if text[first] == closing { return (first + 1, true) }
        nesting.push(object: object)
        guard object else { return (first, false) }
        guard let value = skipName(text, at: first) else { return nil }
        return (value, false)
    }

    /// After a value: out of every container that ends here, to the next value if one follows.
    private static func close(
        _ text: borrowing Span<UInt8>, at start: Int, _ nesting: inout Nesting
    ) -> Int? {
        var index = start
        while nesting.depth > 0 {
            index = skipSpace(text, at: index)
            guard index < text.count else { return nil }
            if text[index] == JSONByte.comma {
                index = skipSpace(text, at: index + 1)
                return nesting.isInObject ? skipName(text, at: index) : index
            }
            let closing = nesting.isInObject ? JSONByte.closeBrace : JSONByte.closeBracket
            guard text[index] == closing else { return nil }
            nesting.pop()
            index += 1
        }
        return index
    }

    /// Which of the containers around a value are objects: one bit each, no memory of its own.
    private struct Nesting {
        let room: Int
        private(set) var depth = 0
        private var objects = SIMD4<UInt64>()

        init(room: Int) { self.room = room }

        var isInObject: Bool {
            objects[(depth - 1) >> 6] & (1 << UInt64((depth - 1) & 63)) != 0
        }

        mutating func push(object: Bool) {
            let bit: UInt64 = 1 << UInt64(depth & 63)
            if object { objects[depth >> 6] |= bit } else { objects[depth >> 6] &= ~bit }
            depth += 1
        }

        mutating func pop() { depth -= 1 }
    }
}
