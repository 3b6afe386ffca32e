// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A server ID")
struct ServerIDTests {
    @Test(
        "may be any of the published forms",
        arguments: [
            "server-sg-1", "server-tokyo-1", "server-singapore-1", "server-1", "server-2",
            "project-name-production.up.railway.app", "hallowa-server-1", "abc", "A_b.C-9",
            "rooted", "administrator", String(repeating: "x", count: 128),
        ])
    func accepts(text: String) throws {
        #expect(try ServerID(text).description == text)
    }

    static let faults: [(String, ServerIDError.Code)] = [
        ("", .empty), ("ab", .tooShort), (String(repeating: "x", count: 129), .tooLong),
        ("server 1", .character), ("server/1", .character), ("server:1", .character),
        ("sérver", .character), ("server\n", .character), ("a..b", .pathTraversal),
        ("../etc", .pathTraversal), ("https://a.b", .pathTraversal), ("..", .pathTraversal),
        ("null", .reserved), ("admin", .reserved), ("root", .reserved), ("system", .reserved),
        ("NULL", .reserved), ("Admin", .reserved), ("rOOT", .reserved), ("System", .reserved),
    ]

    @Test("with a fault is refused by its code", arguments: faults)
    func refuses(text: String, code: ServerIDError.Code) throws {
        let error = try #require(throws: ServerIDError.self) { try ServerID(text) }
        #expect(error.code == code)
        #expect(error.description.hasPrefix("the server ID"))
        #expect(!error.description.contains("\n"))
    }

    @Test("has a case in this table for every code")
    func everyCode() {
        let all = ServerIDError.Code.Kind.allCases.map(ServerIDError.Code.init)
        #expect(Set(Self.faults.map(\.1)) == Set(all))
    }
}

@Suite("The source of a server ID")
struct ServerIDSourceTests {
    static let all = [
        "SERVER_ID": "server-sg-1", "DOMAIN": "server1.example.com",
        "RAILWAY_STATIC_URL": "project-name-production.up.railway.app",
        "RAILWAY_SERVICE_NAME": "browser-service", "HOSTNAME": "host-7",
    ]

    static func resolve(_ environment: [String: String]) throws -> ServerIDResolution {
        var generator = SeededGenerator(seed: 1)
        return try ServerIDSource.resolve(timestamp: 1_700_000_000_123, using: &generator) {
            environment[$0]
        }
    }

    @Test("is the first that is set, in the order of the contract")
    func order() throws {
        var environment = Self.all
        let expected: [ServerIDSource] = [
            .serverID, .domain, .railwayStaticURL, .railwayServiceName, .hostname,
        ]
        for source in expected {
            let resolution = try Self.resolve(environment)
            #expect(resolution.source == source)
            #expect(resolution.id.text == Self.all[source.rawValue])
            #expect(resolution.skipped.isEmpty)
            environment[source.rawValue] = nil
        }
        #expect(try Self.resolve(environment).source == .generated)
    }

    @Test("passes over an empty value in silence", arguments: ["SERVER_ID", "DOMAIN"])
    func empty(variable: String) throws {
        let resolution = try Self.resolve([variable: "", "HOSTNAME": "host-7"])
        #expect(resolution.source == .hostname)
        #expect(resolution.skipped.isEmpty)
    }

    @Test("is an error when SERVER_ID itself is wrong, whatever else is set")
    func explicitFault() throws {
        var environment = Self.all
        environment["SERVER_ID"] = "admin"
        let error = try #require(throws: ServerIDError.self) { try Self.resolve(environment) }
        #expect(error.code == .reserved)
    }

    @Test("passes over a lower source that is wrong, with a note")
    func lowerFault() throws {
        let resolution = try Self.resolve([
            "DOMAIN": "server1.example.com:3000", "RAILWAY_STATIC_URL": "https://x.railway.app",
            "RAILWAY_SERVICE_NAME": "my-service", "HOSTNAME": "??",
        ])
        #expect(resolution.id.text == "my-service")
        #expect(resolution.source == .railwayServiceName)
        #expect(resolution.skipped.map(\.source) == [.domain, .railwayStaticURL])
        #expect(resolution.skipped.map(\.error.code) == [.character, .pathTraversal])
        #expect(resolution.skipped.first?.description.hasPrefix("DOMAIN was not used") == true)
    }

    @Test("is the time and a random end when nothing is set, and valid")
    func generated() throws {
        let resolution = try Self.resolve(["HOSTNAME": "h"])
        #expect(resolution.source == .generated)
        #expect(resolution.skipped.map(\.error.code) == [.tooShort])
        let form = /server-1700000000123-[0-9a-z]{9}/
        #expect(resolution.id.text.wholeMatch(of: form) != nil)
        #expect(try ServerID(resolution.id.text) == resolution.id)
        #expect(try Self.resolve([:]).id == resolution.id)
    }
}
