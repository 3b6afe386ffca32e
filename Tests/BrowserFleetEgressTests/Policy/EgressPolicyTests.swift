// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetEgress

@Suite struct EgressPolicyTests {
    private func refusal(
        _ allow: String, _ host: String, _ port: UInt16 = 80, at address: String
    ) throws -> EgressRefusal? {
        let policy = try EgressPolicy(allowing: allow)
        let target = try #require(EgressTarget(host: host, port: port))
        return policy.refusal(of: target, at: try #require(IPAddress(address)))
    }

    @Test("the address decides, whatever the name")
    func addressDecides() throws {
        #expect(try refusal("", "example.com", at: "93.184.216.34") == nil)
        #expect(try refusal("", "example.com", at: "10.0.0.1") == .private)
        #expect(try refusal("", "10.0.0.1.example.com", at: "93.184.216.34") == nil)
    }

    @Test(
        "a rule opens what it names and nothing beside it",
        arguments: [
            ("intranet.example", "intranet.example", 80, "10.0.0.1", nil),
            ("intranet.example", "INTRANET.example.", 80, "10.0.0.1", nil),
            ("intranet.example", "other.example", 80, "10.0.0.1", EgressRefusal.private),
            ("intranet.example", "x.intranet.example", 80, "10.0.0.1", .private),
            ("intranet.example:81", "intranet.example", 80, "10.0.0.1", .private),
            ("*.corp.example", "a.corp.example", 80, "10.0.0.1", nil),
            ("*.corp.example", "a.b.corp.example", 80, "127.0.0.1", nil),
            ("*.corp.example", "corp.example", 80, "10.0.0.1", .private),
            ("*.corp.example", "evilcorp.example", 80, "10.0.0.1", .private),
            ("*.corp.example", "a.corp.example", 80, "169.254.169.254", .metadata),
            ("*.corp.example", "a.corp.example", 80, "0.0.0.0", .unspecified),
            ("10.0.0.0/8", "any.example", 80, "10.9.9.9", nil),
            ("10.0.0.0/8", "any.example", 80, "11.0.0.1", nil),
            ("10.0.0.0/8", "any.example", 80, "192.168.0.1", .private),
            ("10.0.0.0/8:443", "any.example", 80, "10.9.9.9", .private),
            ("10.0.0.0/8:443", "any.example", 443, "10.9.9.9", nil),
            ("10.0.0.0/8", "any.example", 80, "64:ff9b::a00:1", .private),
            ("127.0.0.1:3000", "localhost", 3000, "127.0.0.1", nil),
            ("127.0.0.1:3000", "localhost", 3000, "::ffff:127.0.0.1", nil),
            ("127.0.0.1:3000", "localhost", 3000, "::1", .loopback),
            ("[::1]:3000", "localhost", 3000, "::1", nil),
            ("0.0.0.0/0", "x.example", 80, "192.168.0.1", nil),
            ("0.0.0.0/0", "x.example", 80, "169.254.169.254", .metadata),
            ("169.254.0.0/16", "x.example", 80, "169.254.169.254", .metadata),
            ("169.254.169.254", "x.example", 80, "169.254.169.254", nil),
            ("169.254.169.254:80", "169.254.169.254", 80, "169.254.169.254", nil),
        ] as [(String, String, UInt16, String, EgressRefusal?)])
    func rules(
        allow: String, host: String, port: UInt16, address: String, expected: EgressRefusal?
    ) throws {
        #expect(try refusal(allow, host, port, at: address) == expected)
    }

    @Test("mail, name and shell ports are closed until a rule names the port")
    func ports() throws {
        #expect(try refusal("", "example.com", 25, at: "93.184.216.34") == .port)
        #expect(try refusal("example.com", "example.com", 25, at: "93.184.216.34") == .port)
        #expect(try refusal("example.com:25", "example.com", 25, at: "93.184.216.34") == nil)
        #expect(try refusal("10.0.0.1", "x.example", 22, at: "10.0.0.1") == .port)
        #expect(try refusal("10.0.0.1:22", "x.example", 22, at: "10.0.0.1") == nil)
        #expect(try refusal("", "example.com", 8443, at: "93.184.216.34") == nil)
    }

    @Test("the host's own public addresses are refused unless named")
    func ownAddresses() throws {
        let own = try #require(IPAddress("93.184.216.34"))
        let target = try #require(EgressTarget(host: "me.example", port: 80))
        #expect(EgressPolicy(ownAddresses: [own]).refusal(of: target, at: own) == .ownAddress)
        let opened = try EgressPolicy(allowing: "me.example:80", ownAddresses: [own])
        #expect(opened.refusal(of: target, at: own) == nil)
        #expect(try EgressPolicy.addressesOfThisHost().contains(.v4(0x7f00_0001)))
    }

    @Test(
        "a name asked of a proxy is judged by what the name alone tells",
        arguments: [
            ("", "example.com", nil), ("", "localhost", EgressRefusal.loopback),
            ("", "a.LOCALHOST.", .loopback), ("", "127.0.0.1", .loopback), ("", "::1", .loopback),
            ("", "metadata.google.internal", .metadata), ("", "2130706433", .target),
            ("", "0x7f.1", .target), ("", "127.1", .target), ("", "10.0.0.1", .private),
            ("localhost:80", "localhost", nil), ("localhost:81", "localhost", .loopback),
            ("10.0.0.0/8", "10.0.0.1", nil), ("", "8.8.8.8", nil),
        ] as [(String, String, EgressRefusal?)])
    func byName(allow: String, host: String, expected: EgressRefusal?) throws {
        let target = try #require(EgressTarget(host: host, port: 80))
        #expect(try EgressPolicy(allowing: allow).refusalByName(of: target) == expected)
    }

    @Test("a bad port asked of a proxy needs a rule with that port, also for a name on the list")
    func portByName() throws {
        let target = try #require(EgressTarget(host: "mail.example", port: 25))
        func refusal(_ allow: String) throws -> EgressRefusal? {
            try EgressPolicy(allowing: allow).refusalByName(of: target)
        }
        #expect(try refusal("") == .port)
        #expect(try refusal("mail.example") == .port)
        #expect(try refusal("*.example") == .port)
        #expect(try refusal("mail.example:26") == .port)
        #expect(try refusal("mail.example:25") == nil)
    }

    @Test("every reason is one word")
    func oneWord() {
        for refusal in EgressRefusal.allCases {
            #expect(refusal.rawValue.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil)
        }
    }
}
