// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite struct IPAddressTests {
    @Test(
        "a literal address is read and printed in its shortest form",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("fe80::1", "fe80::1"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("::ffff:10.0.0.1", "::ffff:a00:1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
        ])
    func reads(text: String, printed: String) throws {
        #expect(try #require(IPAddress(text)).description == printed)
    }

    @Test(
        "what is not a literal in full is left to the resolver",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "0x7f.0.0.1", "1.2.3.+4",
            "1..2.3",
            ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::1%eth0",
            "1:2:3:4:5:6:7::8:9", "::1.2.3", "1.2.3.4::", "g::", "::-1", "::+1", "[::1]", " ::1",
        ])
    func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("printing and reading give the same address for 5,000 random ones")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            let mask = UInt128.random(in: .min ... .max, using: &generator)
            let bits = UInt128.random(in: .min ... .max, using: &generator) & mask
            let sparse = IPAddress.v6(bits & ~(UInt128(UInt64.max) << UInt128(mask & 64)))
            #expect(IPAddress(sparse.description) == sparse, "seed 7")
            let short = IPAddress.v4(UInt32(truncatingIfNeeded: bits))
            #expect(IPAddress(short.description) == short, "seed 7")
        }
    }

    @Test("a mapped address is its IPv4 address")
    func canonical() {
        #expect(IPAddress("::ffff:10.1.2.3")?.canonical == IPAddress("10.1.2.3"))
        #expect(IPAddress("::10.1.2.3")?.canonical == IPAddress("::a01:203"))
    }

    @Test("a block holds its first and last address and not their neighbours")
    func blocks() throws {
        let first = try #require(IPAddress("10.0.0.0"))
        let block = try #require(IPNetwork(containing: first, prefixLength: 8))
        #expect(block.contains(.v4(0x0a00_0000)) && block.contains(.v4(0x0aff_ffff)))
        #expect(!block.contains(.v4(0x09ff_ffff)) && !block.contains(.v4(0x0b00_0000)))
        #expect(!block.contains(.v6(0x0a00_0000)))
        #expect(IPNetwork(containing: first, prefixLength: 33) == nil)
        let all = try #require(IPNetwork(containing: .v6(1), prefixLength: 0))
        #expect(all.contains(.v6(.max)) && !all.contains(.v4(0)))
    }

    @Test(
        "a block is read and printed",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.1", "192.0.2.1"), ("192.0.2.1/32", "192.0.2.1"),
            ("::1", "::1"), ("2001:db8::/32", "2001:db8::/32"), ("0.0.0.0/0", "0.0.0.0/0"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
        ])
    func readsBlock(text: String, printed: String) throws {
        #expect(try #require(IPNetwork(text)).description == printed)
    }

    @Test(
        "what is not a block is refused",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/8/8", "10.0.0.0/+8",
            "10.0.0.0/-1", "proxy.example", "::/129", "10.0.0.0/ 8",
        ])
    func refusesBlock(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test("one client is an IPv4 address, or 64 bits of an IPv6 address")
    func clients() throws {
        func client(_ text: String) throws -> String {
            IPNetwork(ofClientAt: try #require(IPAddress(text))).description
        }
        #expect(try client("192.0.2.1") == "192.0.2.1")
        #expect(try client("::ffff:192.0.2.1") == "192.0.2.1")
        #expect(try client("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64")
    }
}
