// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// Tables for people.
struct TableTests {
    @Test("columns are aligned, and no line ends in spaces")
    func aligned() {
        let table = Table(
            headings: ["A", "LONG", "C"], rows: [["aaa", "b", ""], ["a", "bb", "c"]])
        #expect(table.text(bold: false) == "A    LONG  C\naaa  b\na    bb    c\n")
    }

    @Test("headings are bold only where that is asked for")
    func bold() {
        let table = Table(headings: ["A"], rows: [["a"]])
        #expect(table.text(bold: true) == "\u{1B}[1mA\u{1B}[0m\na\n")
        #expect(Table(headings: [], rows: []).text(bold: true) == "")
    }
}
