// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetPostgres

@Suite("Arrays for PostgreSQL")
struct PostgresArrayTests {
    @Test(
        "quote whatever could mean something",
        arguments: [
            ([], "{}"), (["a"], #"{"a"}"#), ([nil, "NULL"], #"{NULL,"NULL"}"#),
            ([#"a"b\c"#, "{,}"], #"{"a\"b\\c","{,}"}"#), (["", "\n"], "{\"\",\"\n\"}"),
            (["e\u{301}\""], "{\"e\u{301}\\\"\"}"),
        ] as [([String?], String)])
    func quoting(elements: [String?], text: String) {
        #expect(PostgresArray.text(elements) == text)
    }
}
