// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("whose address a request has")
struct TrustedProxiesTests {
    @Test(
        "the client is the rightmost address that is not a proxy's",
        arguments: [
            ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
            ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", ["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", ["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", ["198.51.100.1, 10.9.9.9"], "198.51.100.1"),
            ("10.0.0.1", ["198.51.100.1,10.9.9.9 ,\t2001:db8::5"], "198.51.100.1"),
            ("10.0.0.1", ["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", ["[2a00::1]:4711"], "2a00::1"),
            ("10.0.0.1", ["2a00::1"], "2a00::1"),
            ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", ["198.51.100.1, , 10.3.3.3"], "10.3.3.3"),
            ("10.0.0.1", [""], "10.0.0.1"),
            ("10.0.0.1", ["198.51.100.1", "[::1", "10.4.4.4"], "10.4.4.4"),
        ] as [(String, [String], String)])
    func client(_ peer: String, _ forwarded: [String], _ client: String) throws {
        let proxies = TrustedProxies(
            [IPNetwork("10.0.0.0/8"), IPNetwork("2001:db8::/32")].compactMap(\.self))
        let found = proxies.client(peer: try #require(IPAddress(peer)), forwarded: forwarded)
        #expect(found == IPAddress(client))
    }

    @Test("nobody is trusted unless named")
    func none() {
        #expect(!TrustedProxies.none.trusts(.v4(0x7f00_0001)))
        #expect(TrustedProxies.none.client(peer: .v4(1), forwarded: ["1.2.3.4"]) == .v4(1))
    }
}

@Suite("how often each may call")
struct RateLedgerTests {
    @Test("each has a rate of its own, and a refusal says when to come back")
    func separate() {
        var ledger = RateLedger<String>(callsPerMinute: 2)
        let now = FleetInstant.origin
        #expect(ledger.count("a", at: now) == nil)
        #expect(ledger.count("a", at: now) == nil)
        #expect(ledger.count("a", at: now) == .seconds(30))
        #expect(ledger.count("b", at: now) == nil)
        #expect(ledger.count("a", at: now.advanced(by: .seconds(30))) == nil)
    }

    @Test("names that stay away are forgotten, names in debt are not")
    func forgetting() {
        var ledger = RateLedger<Int>(callsPerMinute: 60)
        var now = FleetInstant.origin
        for name in 0..<100_000 {
            now = now.advanced(by: .milliseconds(20))
            #expect(ledger.count(name, at: now) == nil)
        }
        #expect(ledger.nameCount < 1000)
        while ledger.count(-1, at: now) == nil {}
        for name in 0..<10_000 { _ = ledger.count(name, at: now) }
        #expect(ledger.count(-1, at: now) != nil)
    }
}
