// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Logs and their positions")
struct LogBookTests {
    private static func book(_ count: Int) -> LogBook<Int> {
        var book = LogBook<Int>()
        for entry in 1...count { book.append(entry) }
        return book
    }

    @Test("who reads on from the last position of each page sees every entry once")
    func readingOn() {
        let book = Self.book(10)
        var position = LogPosition.origin
        var seen: [Int] = []
        while true {
            let page = book.page(after: position, limit: 3)
            #expect(!page.isGap)
            if page.items.isEmpty { break }
            seen += page.items.map(\.entry)
            position = page.next(after: position)
        }
        #expect(seen == Array(1...10))
    }

    @Test("who stood at an entry that is gone is told of a gap")
    func gaps() {
        var book = Self.book(10)
        let third = book.page(after: .origin, limit: 3).next(after: .origin)
        book.trim(keeping: 8)
        #expect(!book.page(after: third, limit: 9).isGap)
        book.trim(keeping: 4)
        #expect(book.page(after: third, limit: 9).isGap)
        #expect(book.page(after: third, limit: 9).items.map(\.entry) == [7, 8, 9, 10])
        #expect(!book.page(after: .origin, limit: 9).isGap)
        #expect(book.page(after: LogPosition(major: 99, minor: 0), limit: 9).isGap)
    }

    @Test("reading back goes from the newest to the oldest")
    func readingBack() {
        let book = Self.book(5)
        let first = book.page(before: nil, limit: 2)
        #expect(first.items.map(\.entry) == [5, 4])
        let rest = book.page(before: first.items.last?.position, limit: 9)
        #expect(rest.items.map(\.entry) == [3, 2, 1])
    }

    @Test(
        "a position is read as it was written, and nothing else is",
        arguments: [
            ("12-3", "12-3"), ("12", "12-0"), ("18446744073709551615-0", "18446744073709551615-0"),
            ("", nil), ("-", nil), ("1-", nil), ("-1", nil), ("+1-2", nil), ("1-2-3", nil),
            ("18446744073709551616", nil), ("a", nil), (" 1", nil),
        ] as [(String, String?)])
    func positions(text: String, shown: String?) {
        #expect(LogPosition(text)?.description == shown)
    }
}
