// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

extension IPAddress {
    /// Why this address is not a place on the public internet; nil if it is one.
    ///
    /// From the IANA special-purpose address registries (RFC 6890 and its successors). An IPv6
    /// address that carries an IPv4 address (6to4, Teredo, NAT64, ISATAP, mapped, compatible,
    /// translated) is also judged by what it carries, because a gateway on the way would unpack it.
    public var refusal: EgressRefusal? {
        switch canonical {
        case .v4(let bits): Self.refusal(ofV4: bits)
        case .v6(let bits): Self.refusal(ofV6: bits)
        }
    }

    private static func refusal(ofV4 bits: UInt32) -> EgressRefusal? {
        let address = IPAddress.v4(bits)
        if metadataAddresses.contains(address) { return .metadata }
        return firstMatch(address, in: v4Blocks)
    }

    private static func refusal(ofV6 bits: UInt128) -> EgressRefusal? {
        let address = IPAddress.v6(bits)
        if metadataAddresses.contains(address) { return .metadata }
        if let refusal = firstMatch(address, in: v6Blocks) { return refusal }
        for carried in carriedV4(in: bits) {
            if let refusal = refusal(ofV4: carried) { return refusal }
        }
        return globallyRouted.contains { $0.contains(address) } ? nil : .reserved
    }

    private static func firstMatch(
        _ address: IPAddress, in blocks: [(IPNetwork, EgressRefusal)]
    ) -> EgressRefusal? {
        blocks.first { $0.0.contains(address) }?.1
    }

    /// The IPv4 addresses that translators and tunnels would read out of an IPv6 address.
    private static func carriedV4(in bits: UInt128) -> [UInt32] {
        func word(_ index: Int) -> UInt32 {
            UInt32(truncatingIfNeeded: bits >> UInt128(96 - 32 * index))
        }
        let interface = word(2)
        if bits >> 112 == 0x2002 { return [UInt32(truncatingIfNeeded: bits >> 80)] }
        if word(0) == 0x2001_0000 { return [word(1), ~word(3)] }
        let isTranslated = bits >> 32 == 0xffff_0000 || bits >> 32 == nat64 >> 32
        let isCompatible = bits >> 32 == 0
        let isTunnelled = interface & ~0x0300_0000 == 0x0000_5efe
        return isTranslated || isCompatible || isTunnelled ? [word(3)] : []
    }

    /// `64:ff9b::/96` (RFC 6052): how hosts without IPv4 reach it, so public targets are public.
    private static let nat64: UInt128 = 0x0064_ff9b << 96

    private static let globallyRouted = [
        IPNetwork(v6: 0x2000_0000_0000_0000, 3),
        IPNetwork(v6: 0x0064_ff9b_0000_0000, 96),
    ]

    private static let v4Blocks: [(IPNetwork, EgressRefusal)] = [
        (IPNetwork(v4: 0x0000_0000, 8), .unspecified),
        (IPNetwork(v4: 0x0a00_0000, 8), .private),
        (IPNetwork(v4: 0x6440_0000, 10), .carrier),
        (IPNetwork(v4: 0x7f00_0000, 8), .loopback),
        (IPNetwork(v4: 0xa9fe_0000, 16), .linkLocal),
        (IPNetwork(v4: 0xac10_0000, 12), .private),
        (IPNetwork(v4: 0xc000_0000, 24), .reserved),
        (IPNetwork(v4: 0xc000_0200, 24), .documentation),
        (IPNetwork(v4: 0xc058_6300, 24), .reserved),
        (IPNetwork(v4: 0xc0a8_0000, 16), .private),
        (IPNetwork(v4: 0xc612_0000, 15), .benchmark),
        (IPNetwork(v4: 0xc633_6400, 24), .documentation),
        (IPNetwork(v4: 0xcb00_7100, 24), .documentation),
        (IPNetwork(v4: 0xe000_0000, 4), .multicast),
        (IPNetwork(v4: 0xffff_ffff, 32), .broadcast),
        (IPNetwork(v4: 0xf000_0000, 4), .reserved),
    ]

    private static let v6Blocks: [(IPNetwork, EgressRefusal)] =
        [
            (IPNetwork(only: .v6(0)), .unspecified),
            (IPNetwork(only: .v6(1)), .loopback),
            (IPNetwork(v6: 0x0064_ff9b_0001_0000, 48), .private),
            (IPNetwork(v6: 0x2001_0002_0000_0000, 48), .benchmark),
            (IPNetwork(v6: 0x2001_0db8_0000_0000, 32), .documentation),
            (IPNetwork(v6: 0x3fff_0000_0000_0000, 20), .documentation),
            (IPNetwork(v6: 0xfc00_0000_0000_0000, 7), .uniqueLocal),
            (IPNetwork(v6: 0xfe80_0000_0000_0000, 10), .linkLocal),
            (IPNetwork(v6: 0xfec0_0000_0000_0000, 10), .siteLocal),
            (IPNetwork(v6: 0xff00_0000_0000_0000, 8), .multicast),
        ] + protocolAssignments

    /// `2001::/23` (RFC 2928) but for Teredo, `2001::/32`, which is judged by what it carries.
    private static let protocolAssignments: [(IPNetwork, EgressRefusal)] =
        (1...9).map { bit in
            (
                IPNetwork(v6: 0x2001_0000_0000_0000 | 1 << UInt64(31 + bit), 33 - bit),
                EgressRefusal.reserved
            )
        }

    /// Metadata and credential services. Some hide in public space (Azure's 168.63.129.16), some
    /// in blocks that are opened more lightly (Alibaba's in carrier-grade NAT).
    private static let metadataAddresses: Set<IPAddress> = Set(
        [
            "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.169.123",
            "169.254.0.23", "100.100.100.200", "168.63.129.16", "192.0.0.192",
            "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe",
            "fe80::a9fe:a9fe",
        ].compactMap { IPAddress($0) }
    )
}
