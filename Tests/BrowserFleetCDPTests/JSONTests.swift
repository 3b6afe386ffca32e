// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

@Suite("JSON values and payloads")
struct JSONTests {
    @Test("a value keeps the order of its members and is written without spaces")
    func roundTrip() throws {
        let text = #"{"b":[1,2.5,-3,true,false,null,"é\n\"\\"],"a":{},"b":[]}"#
        let value = try JSONValue.parse(Array(" \(text) ".utf8))
        let written = String(decoding: value.encoded(), as: UTF8.self)
        #expect(written == text.replacing(#"\n"#, with: #"\u000a"#))
        #expect(value["b"]?[0]?.intValue == 1)
        #expect(value["b"]?[1]?.doubleValue == 2.5)
        #expect(value["b"]?[7] == nil)
        #expect(value["c"] == nil)
    }

    @Test("literals make values, and numbers that JSON cannot say become null")
    func literals() {
        let value: JSONValue = ["a": [1, 2.5, true, .null, "x"], "n": .number(.nan)]
        #expect(
            String(decoding: value.encoded(), as: UTF8.self)
                == #"{"a":[1,2.5,true,null,"x"],"n":null}"#)
    }

    @Test("half of a surrogate pair is replaced, a whole one is its character")
    func surrogates() throws {
        #expect(try JSONValue.parse(Array(#""\ud83d\ude00""#.utf8)) == "😀")
        #expect(try JSONValue.parse(Array(#""\ud83dx""#.utf8)) == "\u{FFFD}x")
        #expect(try JSONValue.parse(Array(#""\ud83d\u0041""#.utf8)) == "\u{FFFD}A")
    }

    @Test("an error says about where the text stops being JSON")
    func errors() {
        #expect(throws: JSONError.self) { try JSONValue.parse([]) }
        #expect(throws: JSONError.self) { try JSONValue.parse(Array("1 2".utf8)) }
    }

    @Test("a payload is found between its quotes without being copied")
    func payload() {
        let text = Array(
            #"{"id":1,"result":{"x":{"data":"no"},"data":"AAEC"},"sessionId":"S"}"#.utf8)
        let range = JSONText.stringRange(in: text.span, path: ["result", "data"])
        #expect(range.map { String(decoding: text[$0], as: UTF8.self) } == "AAEC")
        let decoded = range.flatMap { Base64.decode(text.span.extracting($0)) }
        #expect(decoded == [0, 1, 2])
        let object = JSONText.stringRange(in: text.span, path: ["result", "x"])
        #expect(object == nil)
        let nothing = JSONText.stringRange(in: text.span, path: ["nothing"])
        #expect(nothing == nil)
        let id = JSONText.valueRange(in: text.span, path: ["id"])
        #expect(id == 6..<7)
    }

    @Test(
        "base64 of RFC 4648, section 10",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"),
        ])
    func base64(text: String, expected: String) {
        let decoded = Base64.decode(Array(text.utf8).span)
        #expect(decoded == Array(expected.utf8))
    }

    @Test("what is not base64 is not decoded", arguments: ["Z", "Zg=", "Zg=a", "Z===", "Zm9\n"])
    func notBase64(text: String) {
        let decoded = Base64.decode(Array(text.utf8).span)
        #expect(decoded == nil)
    }

    @Test("an answer is taken apart into ranges")
    func callAnswer() throws {
        let text = Array(
            #" {"id":-7,"error":{"code":1},"sessionId":"S\u0041","result":[1],"more":0} "#.utf8)
        let parsed = CallAnswer.parse(text.span)
        let answer = try #require(parsed)
        #expect(answer.id == -7)
        #expect(answer.sessionID == "SA")
        #expect(answer.method == nil)
        let error = try #require(answer.error)
        let code = try JSONValue.parse(text.span, in: error)["code"]
        #expect(code == 1)
        let none = CallAnswer.parse(Array("[]".utf8).span)
        #expect(none == nil)
    }

    @Test("a call is written with its members in Chromium's order")
    func callMessage() {
        let call = CallMessage.encode(
            id: 3, method: "A.b", params: ["x": 1], sessionID: "S")
        #expect(
            String(decoding: call, as: UTF8.self)
                == #"{"id":3,"method":"A.b","params":{"x":1},"sessionId":"S"}"#)
    }
}
