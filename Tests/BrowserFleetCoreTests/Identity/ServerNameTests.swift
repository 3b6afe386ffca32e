// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A server name")
struct ServerNameTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let text: String
        let code: ServerNameError.Code
        let mentions: String
        var testDescription: String { "\(code): \(text.prefix(40))" }
    }

    static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    static let faults = [
        Fault(text: "", code: .empty, mentions: "DOMAIN"),
        Fault(
            text: repeated(repeated("a", 63) + ".", 3) + repeated("a", 62), code: .tooLong,
            mentions: "253"),
        Fault(text: "a..b", code: .emptyLabel, mentions: "position 3"),
        Fault(text: ".a", code: .emptyLabel, mentions: "position 1"),
        Fault(text: ".", code: .emptyLabel, mentions: "dot"),
        Fault(text: "a..", code: .emptyLabel, mentions: "position 3"),
        Fault(text: "server1.example.com.", code: .trailingDot, mentions: "ends with a dot"),
        Fault(text: repeated("a", 64) + ".com", code: .labelTooLong, mentions: "63"),
        Fault(text: "-a.com", code: .hyphenAtEdge, mentions: "position 1"),
        Fault(text: "a-.com", code: .hyphenAtEdge, mentions: "inside a label"),
        Fault(text: "a.-", code: .hyphenAtEdge, mentions: "position 3"),
        Fault(text: "my_server.com", code: .underscore, mentions: "use a hyphen"),
        Fault(text: "server1.example.com:3000", code: .port, mentions: "PORT"),
        Fault(text: "::1", code: .port, mentions: "two names"),
        Fault(text: "https://server1.example.com", code: .address, mentions: "PUBLIC_URL"),
        Fault(text: "server1.example.com/path", code: .address, mentions: "PUBLIC_URL"),
        Fault(text: "bücher.example", code: .notASCII, mentions: "xn--"),
        Fault(text: "server 1", code: .character, mentions: "a space"),
        Fault(text: "server\u{1b}[31m", code: .character, mentions: "byte 0x1b"),
        Fault(text: "user@host", code: .character, mentions: "'@'"),
        Fault(text: "*.example.com", code: .character, mentions: "'*'"),
    ]

    @Test("with a fault is refused, and the error says how to mend it", arguments: faults)
    func refuses(_ fault: Fault) throws {
        let error = try #require(throws: ServerNameError.self) { try ServerName(fault.text) }
        #expect(error.code == fault.code)
        #expect(error.description.contains(fault.mentions), "\(error)")
        #expect(
            error.description.unicodeScalars.allSatisfy { $0 == "…" || (0x20..<0x7f) ~= $0.value })
    }

    @Test("has a case in this table for every code")
    func everyCode() {
        let all = ServerNameError.Code.Kind.allCases.map(ServerNameError.Code.init)
        #expect(Set(Self.faults.map(\.code)) == Set(all))
    }

    @Test(
        "is kept in lower case",
        arguments: [
            ("server1.scrapingdog.com", "server1.scrapingdog.com"), ("LOCALHOST", "localhost"),
            ("Node-7.EU.Example.COM", "node-7.eu.example.com"), ("a", "a"), ("7", "7"),
            ("192.168.1.10", "192.168.1.10"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ])
    func accepts(text: String, name: String) throws {
        #expect(try ServerName(text).text == name)
        #expect(try ServerName(text) == ServerName(name))
        #expect(try Set([ServerName(text), ServerName(name)]).count == 1)
    }

    @Test("may have 253 bytes in labels of 63, and its ID decodes")
    func longest() throws {
        let text = Self.repeated(Self.repeated("a", 63) + ".", 3) + Self.repeated("a", 61)
        #expect(text.utf8.count == ServerName.longestName)
        let server = try ServerName(text)
        let id = try BrowserID(server: server, local: Self.repeated("z", 64))
        #expect(try BrowserID(decoding: id.text).server == server)
    }

    @Test("of the longest label full of hyphens has an ID within the bound")
    func mostHyphens() throws {
        let label = "a" + Self.repeated("-", 61) + "a"
        let text = [label, label, label, "a" + Self.repeated("-", 59) + "a"].joined(separator: ".")
        let id = try BrowserID(server: ServerName(text), local: Self.repeated("z", 64))
        #expect(id.text.utf8.count <= BrowserID.longestText)
        #expect(try BrowserID(decoding: id.text).server?.text == text)
    }

    @Test(
        "lies below a domain by whole labels only",
        arguments: [
            ("server1.scrapingdog.com", true), ("a.b.scrapingdog.com", true),
            ("scrapingdog.com", false), ("evilscrapingdog.com", false),
            ("evil-scrapingdog.com", false), ("scrapingdog.com.evil.net", false),
            ("server1.scrapingdog.org", false), ("com", false),
        ])
    func below(name: String, isBelow: Bool) throws {
        #expect(try ServerName(name).isBelow(ServerName("scrapingdog.com")) == isBelow)
    }

    @Test("is ordered by its text")
    func order() throws {
        let names = try ["b", "a.b", "a"].map { text in try ServerName(text) }
        #expect(names.sorted().map(\.description) == ["a", "a.b", "b"])
    }
}
