// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import BrowserFleetCore

@Suite("The vectors in Docs/BrowserID.md")
struct PublishedVectorsTests {
    /// The rows of the first table below `heading`, as cells without their code marks.
    static func rows(below heading: String) throws -> [[String]] {
        let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        let root = (0..<4).reduce(here) { url, _ in url.deletingLastPathComponent() }
        let page = try String(
            contentsOf: root.appendingPathComponent("Docs/BrowserID.md"), encoding: .utf8)
        return page.split(separator: "\n")
            .drop { $0 != "## \(heading)" }.drop { !$0.hasPrefix("|") }
            .prefix { $0.hasPrefix("|") }.dropFirst(2)
            .map { row in
                row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                    .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            }
    }

    @Test("that are valid decode as written there")
    func valid() throws {
        let rows = try Self.rows(below: "Valid IDs")
        #expect(rows.count == 10)
        for row in rows {
            try #require(row.count == 3)
            let id = try BrowserID(decoding: row[0])
            #expect(id.server?.text ?? "" == row[1])
            #expect(id.localPart == row[2])
        }
    }

    @Test("that are refused are refused for the reason written there")
    func refused() throws {
        let rows = try Self.rows(below: "Texts that are refused")
        #expect(rows.count == 10)
        for row in rows {
            try #require(row.count == 3)
            let error = try #require(throws: DecodeError.self) {
                try BrowserID(decoding: row[0])
            }
            #expect(error.code.description == row[1])
        }
    }
}
