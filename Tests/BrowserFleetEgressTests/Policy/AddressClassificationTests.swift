// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetEgress

@Suite struct AddressClassificationTests {
    @Test(
        "an address that no host on the internet has is refused for its reason",
        arguments: [
            ("0.0.0.0", EgressRefusal.unspecified), ("0.1.2.3", .unspecified),
            ("10.0.0.1", .private), ("10.255.255.255", .private),
            ("172.16.0.1", .private), ("172.31.255.255", .private),
            ("192.168.0.1", .private), ("192.168.255.255", .private),
            ("100.64.0.1", .carrier), ("100.127.255.255", .carrier),
            ("127.0.0.1", .loopback), ("127.255.255.254", .loopback),
            ("169.254.0.1", .linkLocal), ("169.254.255.255", .linkLocal),
            ("169.254.169.254", .metadata), ("169.254.170.2", .metadata),
            ("100.100.100.200", .metadata), ("168.63.129.16", .metadata),
            ("192.0.0.192", .metadata), ("192.0.0.8", .reserved),
            ("192.0.2.1", .documentation), ("198.51.100.7", .documentation),
            ("203.0.113.9", .documentation), ("192.88.99.1", .reserved),
            ("198.18.0.1", .benchmark), ("198.19.255.255", .benchmark),
            ("224.0.0.1", .multicast), ("239.255.255.250", .multicast),
            ("240.0.0.1", .reserved), ("255.255.255.254", .reserved),
            ("255.255.255.255", .broadcast),
        ])
    func ofFour(text: String, refusal: EgressRefusal) throws {
        #expect(try #require(IPAddress(text)).refusal == refusal)
    }

    @Test(
        "an IPv6 address is refused for its block or for what it carries",
        arguments: [
            ("::", EgressRefusal.unspecified), ("::1", .loopback),
            ("::ffff:127.0.0.1", .loopback), ("::ffff:169.254.169.254", .metadata),
            ("::127.0.0.1", .loopback), ("::8.8.8.8", .reserved),
            ("::ffff:0:10.0.0.1", .private), ("::ffff:0:8.8.8.8", .reserved),
            ("64:ff9b::10.0.0.1", .private), ("64:ff9b::169.254.169.254", .metadata),
            ("64:ff9b:1::8.8.8.8", .private),
            ("2002:7f00:1::", .loopback), ("2002:c0a8:101::1", .private),
            ("2002:a9fe:a9fe::", .metadata),
            ("2001:0:a00:1::", .private), ("2001:0:808:808:0:0:3f57:fe80", .private),
            ("2001:0:808:808::f5ff:fffe", .private),
            ("2a00::5efe:10.0.0.1", .private), ("2a00::200:5efe:127.0.0.1", .loopback),
            ("fe80::1", .linkLocal), ("fe80::a9fe:a9fe", .metadata), ("febf::1", .linkLocal),
            ("fec0::1", .siteLocal), ("feff::1", .siteLocal),
            ("fc00::1", .uniqueLocal), ("fdff::1", .uniqueLocal),
            ("fd00:ec2::254", .metadata), ("fd20:ce::254", .metadata),
            ("ff02::1", .multicast), ("ff0e::1", .multicast),
            ("2001:db8::1", .documentation), ("3fff::1", .documentation),
            ("2001:2::1", .benchmark), ("2001:1::1", .reserved), ("2001:10::1", .reserved),
            ("2001:20::1", .reserved), ("2001:1ff::1", .reserved),
            ("100::1", .reserved), ("5f00::1", .reserved), ("4000::1", .reserved),
            ("e000::1", .reserved), ("1::1", .reserved), ("0:1::", .reserved),
        ])
    func ofSix(text: String, refusal: EgressRefusal) throws {
        #expect(try #require(IPAddress(text)).refusal == refusal)
    }

    @Test(
        "an address of the public internet is not refused",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
            "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
            "223.255.255.255", "168.63.129.17", "2606:4700:4700::1111", "2a00:1450:4001::200e",
            "2001:200::1", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "2002:808:808::1",
            "::ffff:8.8.8.8", "2001:0:808:808::f7f7:f7f7", "3ffe::1", "3fff:1000::1",
        ])
    func ofPublic(text: String) throws {
        #expect(try #require(IPAddress(text)).refusal == nil)
    }

    @Test("no IPv6 address carries a refused IPv4 address out, in any of its wrappings")
    func wrappings() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let inner = UInt32.random(in: .min ... .max, using: &generator)
            guard let refusal = IPAddress.v4(inner).refusal else { continue }
            let low = UInt128(inner)
            let wrapped: [UInt128] = [
                0xffff << 32 | low, 0xffff_0000 << 32 | low, 0x0064_ff9b << 96 | low,
                0x2002 << 112 | low << 80, 0x2001_0000 << 96 | low << 64,
                0x2001_0000_0808_0808 << 64 | UInt128(~inner), 0x2a00 << 112 | 0x5efe << 32 | low,
            ]
            for bits in wrapped {
                let found = IPAddress.v6(bits).refusal
                #expect(found == refusal, "seed 11: \(IPAddress.v6(bits))")
            }
        }
    }
}
