// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A browser ID")
struct BrowserIDTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let id: String
        let server: String?
        let local: String
        var testDescription: String { id }
    }

    static let published = [
        Example(
            id: "server1-scrapingdog-com_a1b2c3d4-e5f6-4789-a012-3456789abcde",
            server: "server1.scrapingdog.com", local: "a1b2c3d4-e5f6-4789-a012-3456789abcde"),
        Example(
            id: "server2-scrapingdog-com_f9e8d7c6-b5a4-4321-9876-fedcba098765",
            server: "server2.scrapingdog.com", local: "f9e8d7c6-b5a4-4321-9876-fedcba098765"),
        Example(
            id: "browser-scrapingdog-com_12345678-1234-4567-8901-234567890abc",
            server: "browser.scrapingdog.com", local: "12345678-1234-4567-8901-234567890abc"),
        Example(
            id: "server2-scrapingdog-com_abc123", server: "server2.scrapingdog.com",
            local: "abc123"),
        Example(
            id: "server1-scrapingdog-com_111", server: "server1.scrapingdog.com", local: "111"),
        Example(
            id: "server2-scrapingdog-com_222", server: "server2.scrapingdog.com", local: "222"),
        Example(
            id: "server3-scrapingdog-com_333", server: "server3.scrapingdog.com", local: "333"),
        Example(
            id: "server2-scrapingdog-com_uuid", server: "server2.scrapingdog.com", local: "uuid"),
    ]

    static let ours = [
        Example(id: "localhost_x", server: "localhost", local: "x"),
        Example(id: "node--7-eu-example-com_X-9", server: "node-7.eu.example.com", local: "X-9"),
        Example(id: "xn----bcher--kva-example_1", server: "xn--bcher-kva.example", local: "1"),
        Example(id: "a------b_1", server: "a---b", local: "1"),
        Example(id: "192-168-1-10_1", server: "192.168.1.10", local: "1"),
        Example(id: "a_-", server: "a", local: "-"),
        Example(
            id: "a1b2c3d4-e5f6-4789-a012-3456789abcde", server: nil,
            local: "a1b2c3d4-e5f6-4789-a012-3456789abcde"),
        Example(id: "abc123", server: nil, local: "abc123"),
        Example(id: "server1-scrapingdog-com", server: nil, local: "server1-scrapingdog-com"),
        Example(
            id: "a_" + String(repeating: "z", count: 64), server: "a",
            local: String(repeating: "z", count: 64)),
    ]

    @Test("decodes into its server and its local part", arguments: published + ours)
    func decodes(_ example: Example) throws {
        let id = try BrowserID(decoding: example.id)
        #expect(id.server?.text == example.server)
        #expect(id.localPart == example.local)
        #expect(id.description == example.id)
        #expect(BrowserID(example.id) == id)
    }

    @Test("is put together from its server and its local part", arguments: published + ours)
    func encodes(_ example: Example) throws {
        guard let server = example.server else { return }
        let id = try BrowserID(server: ServerName(server), local: example.local)
        #expect(id.text == example.id)
        #expect(try id == BrowserID(decoding: example.id))
        #expect(try id.server == ServerName(server))
    }

    /// What the clients of the published examples do: every hyphen becomes a dot.
    static func simpleClientReading(_ id: String) -> String? {
        guard let match = id.prefixMatch(of: /([a-z0-9-]+)_/) else { return nil }
        return String(match.1.map { $0 == "-" ? "." : $0 })
    }

    @Test(
        "means the same to clients that turn every hyphen into a dot, without hyphenated labels",
        arguments: published)
    func agreesWithSimpleClients(_ example: Example) throws {
        let id = try BrowserID(decoding: example.id)
        #expect(Self.simpleClientReading(example.id) == id.server?.text)
    }

    @Test("of a hyphenated name is misread by such clients, as the warning says")
    func misreading() throws {
        let server = try ServerName("node-7.example.com")
        let id = try BrowserID(server: server, local: "1")
        let misread = try #require(Self.simpleClientReading(id.text))
        #expect(misread == "node..7.example.com")
        #expect(server.warnings == [.hyphenatedLabel(server)])
        #expect(server.warnings.first?.description.contains(misread) == true)
        #expect(try ServerName("node7.example.com").warnings.isEmpty)
    }

    @Test("belongs to the server it names and to no other")
    func belonging() throws {
        let id = try BrowserID(decoding: "a-b_1")
        #expect(try id.belongs(to: ServerName("A.B")))
        for other in ["a-b", "a.bb", "a", "b.a", "aa.b"] {
            #expect(try !id.belongs(to: ServerName(other)), "\(other)")
        }
        #expect(try !BrowserID(decoding: "a-b").belongs(to: ServerName("a.b")))
    }

    @Test("is minted with a UUID of version 4 in lower case")
    func minting() throws {
        var generator = SeededGenerator(seed: 7)
        let server = try ServerName("Server1.Example.com")
        let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        var seen: Set<BrowserID> = []
        for _ in 0..<1000 {
            let id = BrowserID.mint(server: server, using: &generator)
            #expect(id.text.hasPrefix("server1-example-com_"))
            #expect(id.localPart.wholeMatch(of: uuid) != nil)
            #expect(try BrowserID(decoding: id.text) == id)
            seen.insert(id)
        }
        #expect(seen.count == 1000)
    }

    @Test("is ordered by its text")
    func order() throws {
        let texts = ["b_1", "a_2", "a", "a_1"]
        let sorted = try texts.map { text in try BrowserID(decoding: text) }.sorted()
        #expect(sorted.map(\.text) == ["a", "a_1", "a_2", "b_1"])
    }

    @Test("comes back from its text, for random names", arguments: UInt64(0)..<50)
    func roundTrip(seed: UInt64) throws {
        var names = RandomNames(seed: seed)
        for _ in 0..<100 {
            let (name, local) = (names.name(), names.local())
            let id = try BrowserID(server: ServerName(name), local: local)
            let decoded = try BrowserID(decoding: id.text)
            #expect(decoded == id)
            #expect(decoded.server?.text == name)
            #expect(decoded.localPart == local)
            #expect(try decoded.belongs(to: ServerName(name)))
        }
    }
}
