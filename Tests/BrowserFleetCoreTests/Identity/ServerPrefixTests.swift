// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A server prefix")
struct ServerPrefixTests {
    /// Every text of `alphabet` with 1 to `longest` characters.
    static func texts(of alphabet: [String], upTo longest: Int) -> [String] {
        var row = [""]
        var all: [String] = []
        for _ in 0..<longest {
            row = row.flatMap { text in alphabet.map { text + $0 } }
            all += row
        }
        return all
    }

    /// The published rule of a DNS name (RFC 1123), for texts of "a", "-" and ".".
    static func isName(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            label.hasPrefix("a") && label.hasSuffix("a")
        }
    }

    @Test("stands for one name, and every name has one: all short names and prefixes")
    func bijection() throws {
        let longest = 8
        var owner: [String: String] = [:]
        // No encoding is shorter than its name, so these names give all prefixes of that length.
        for text in Self.texts(of: ["a", "-", "."], upTo: longest) {
            let name = try? ServerName(text)
            try #require((name != nil) == Self.isName(text), "\(text)")
            guard let name else { continue }
            let previous = owner.updateValue(text, forKey: name.prefix.description)
            try #require(previous == nil, "\(text)")
        }
        for text in Self.texts(of: ["a", "-"], upTo: longest) {
            let prefix = try? ServerPrefix(decoding: text)
            try #require(prefix.map { ServerName(decoding: $0).text } == owner[text], "\(text)")
        }
        #expect(owner["a--a-a"] == "a-a.a")
    }

    @Test(
        "follows the rule for runs of hyphens",
        arguments: [
            ("a-b", "a.b"), ("a--b", "a-b"), ("a----b", "a--b"), ("a------b", "a---b"),
            ("a-b--c-d", "a.b-c.d"), ("a", "a"),
        ])
    func runs(encoded: String, name: String) throws {
        #expect(try ServerName(decoding: ServerPrefix(decoding: encoded)).text == name)
        #expect(try ServerName(name).prefix == ServerPrefix(decoding: encoded))
    }

    @Test("taken from an ID finds what was entered under the name")
    func keys() throws {
        let name = try ServerName("node-7.example.com")
        let id = try BrowserID(decoding: "node--7-example-com_abc")
        let table = [name.prefix: "here"]
        #expect(id.serverPrefix.flatMap { table[$0] } == "here")
    }
}
