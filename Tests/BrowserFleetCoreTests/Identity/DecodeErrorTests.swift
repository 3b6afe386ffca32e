// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A text that is no browser ID")
struct DecodeErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let code: DecodeError.Code
        var position = 0
        var testDescription: String { "\(code): \(text.prefix(40))" }
    }

    static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    static let cases = [
        Case(text: "", code: .empty),
        Case(text: repeated("a", 572), code: .tooLong, position: 571),
        Case(text: "_abc123", code: .serverMissing),
        Case(text: "_", code: .serverMissing),
        Case(
            text: repeated(repeated("a", 63) + "-", 3) + repeated("a", 62) + "_1",
            code: .serverTooLong, position: 254),
        Case(text: "a.b_1", code: .serverCharacter, position: 1),
        Case(text: "a:3000_1", code: .serverCharacter, position: 1),
        Case(text: "a b_1", code: .serverCharacter, position: 1),
        Case(text: "bü_1", code: .serverCharacter, position: 1),
        Case(text: "a\u{1b}_1", code: .serverCharacter, position: 1),
        Case(text: "a/../b_1", code: .serverCharacter, position: 1),
        Case(text: "server1-Example_1", code: .upperCase, position: 8),
        Case(text: "a---b_1", code: .oddHyphens, position: 1),
        Case(text: "ab-----c_1", code: .oddHyphens, position: 2),
        Case(text: "-a_1", code: .hyphenAtEdge),
        Case(text: "--a_1", code: .hyphenAtEdge),
        Case(text: "a-_1", code: .hyphenAtEdge, position: 1),
        Case(text: "a--_1", code: .hyphenAtEdge, position: 1),
        Case(text: "-_1", code: .hyphenAtEdge),
        Case(text: repeated("a", 64) + "_1", code: .labelTooLong, position: 63),
        Case(text: repeated("a", 62) + "--b_1", code: .labelTooLong, position: 64),
        Case(text: "a_", code: .localMissing, position: 2),
        Case(text: "a_" + repeated("z", 65), code: .localTooLong, position: 66),
        Case(text: repeated("z", 65), code: .localTooLong, position: 64),
        Case(text: "a_b_c", code: .localCharacter, position: 3),
        Case(text: "a_b.c", code: .localCharacter, position: 3),
        Case(text: "a_b\n", code: .localCharacter, position: 3),
        Case(text: "a_b%2f", code: .localCharacter, position: 3),
        Case(text: "../../etc/passwd", code: .localCharacter),
    ]

    @Test("is refused with what is wrong and where", arguments: cases)
    func refuses(_ example: Case) throws {
        let error = try #require(throws: DecodeError.self) {
            try BrowserID(decoding: example.text)
        }
        #expect(error.code == example.code)
        #expect(error.position == example.position)
        #expect(BrowserID(example.text) == nil)
    }

    @Test("has a case in this table for every code")
    func everyCode() {
        let tried = Set(Self.cases.map(\.code))
        #expect(tried == Set(DecodeError.Code.Kind.allCases.map(DecodeError.Code.init)))
    }

    @Test("is explained in one line of printable ASCII", arguments: cases)
    func explains(_ example: Case) throws {
        let error = try #require(throws: DecodeError.self) {
            try BrowserID(decoding: example.text)
        }
        #expect(error.description.contains("browser ID"))
        #expect(error.description.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
    }

    @Test("names the faulty byte, and never prints a control character")
    func namesTheByte() {
        #expect(DecodeError(.localCharacter, at: 3, byte: 0x1b).description.contains("byte 0x1b"))
        #expect(DecodeError(.localCharacter, at: 3, byte: 0x0a).description.contains("byte 0x0a"))
        #expect(DecodeError(.localCharacter, at: 3, byte: 0xff).description.contains("byte 0xff"))
        #expect(DecodeError(.localCharacter, at: 3, byte: 0x20).description.contains("a space"))
        #expect(DecodeError(.localCharacter, at: 3, byte: 0x25).description.contains("'%'"))
    }

    @Test("is refused as a local part too, when an ID is put together")
    func localPart() throws {
        let server = try ServerName("a.b")
        let error = try #require(throws: DecodeError.self) {
            try BrowserID(server: server, local: "x_y")
        }
        #expect(error.code == .localCharacter)
        #expect(error.position == 5)
        #expect(throws: DecodeError.self) { try BrowserID(server: server, local: "") }
    }

    @Test("or is one that comes back unchanged, whatever it is", arguments: UInt64(0)..<50)
    func arbitraryText(seed: UInt64) throws {
        var names = RandomNames(seed: seed)
        for _ in 0..<400 {
            let text = names.nearID()
            guard let id = BrowserID(text) else { continue }
            #expect(id.text == text)
            guard let server = id.server else { continue }
            let again = try BrowserID(server: ServerName(server.text), local: String(id.localPart))
            #expect(again == id)
        }
    }
}
