// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Testing

@Suite("JSON is read strictly and written back the same")
struct JSONParserTests {
    private static let good: [(String, JSONTree)] = [
        ("null", .null), (" true ", true), ("[]", []), ("{}", [:]), ("-0", 0),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9223372036854775808)), ("1.5e-3", .number(0.0015)),
        ("2E2", .number(200)), (#""\u0041\n\/\ud83d\ude00é""#, "A\n/😀é"),
        (#"{"b":1,"a":[1,{"c":null}]}"#, ["b": 1, "a": [1, ["c": .null]]]),
        (#"{"\u0061":1}"#, ["a": 1]),
    ]

    @Test("what RFC 8259 allows is read", arguments: good)
    func reads(_ text: String, _ tree: JSONTree) throws {
        let read = try JSONParser.parse(Array(text.utf8))
        #expect(read == tree)
        #expect(try JSONParser.parse(Array(read.text.utf8)) == tree)
    }

    @Test(
        "what RFC 8259 forbids is refused, and so are duplicate names",
        arguments: [
            "", " ", "nul", "tru", "01", "-", "1.", ".5", "1e", "+1", "NaN", "1e999", "'a'",
            "\"a", "\"\u{1}\"", #""\x""#, #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, "[1,]",
            "[1 2]", "[", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{1:2}", #"{"a":1,"a":2}"#,
            #"{"a":1,"\u0061":2}"#, "1 2", "{}}", "//", "\u{feff}{}",
        ])
    func refuses(_ text: String) {
        #expect(throws: JSONFault.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test("bytes that are not UTF-8 are refused", arguments: [[0xff], [0xc3], [0xed, 0xa0, 0x80]])
    func notUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONFault.self) { try JSONParser.parse([0x22] + bytes + [0x22]) }
    }

    @Test("depth is bounded")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth)
                + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        _ = try JSONParser.parse(nested(JSONParser.deepest))
        #expect(throws: JSONFault.self) { try JSONParser.parse(nested(JSONParser.deepest + 1)) }
    }

    @Test("a fault says where it is")
    func place() {
        do throws(JSONFault) {
            _ = try JSONParser.parse(Array(#"{"a":1,"b":x}"#.utf8))
            Issue.record("nothing was wrong")
        } catch {
            #expect(error.offset == 11)
            #expect(error.description.contains("byte 11"))
        }
    }

    @Test(
        "random bytes never trap, and what is read is written back",
        arguments: 0..<20 as Range<UInt64>)
    func random(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array(#"{}[]",:0123e-.truefalsn\u "#.utf8)
        for _ in 0..<500 {
            let count = Int.random(in: 0...12, using: &generator)
            let bytes = (0..<count).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            guard let tree = try? JSONParser.parse(bytes) else { continue }
            #expect(
                try JSONParser.parse(Array(tree.text.utf8)) == tree,
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
