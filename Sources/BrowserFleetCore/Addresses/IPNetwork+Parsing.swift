// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension IPNetwork {
    /// Reads `192.0.2.1`, `10.0.0.0/8`, `::1` or `2001:db8::/32`; nil for anything else, and for a
    /// block with bits set behind its prefix, which is more often a slip than a wish.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(only: address.canonical)
            return
        }
        guard (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x30...0x39) ~= $0 }), let length = Int(parts[1])
        else { return nil }
        self.init(containing: address, prefixLength: length)
        guard first == address else { return nil }
    }

    /// The block that counts as one client: an IPv4 address alone, and the 64 leading bits of an
    /// IPv6 address, since whoever has one of these has them all (RFC 6177).
    public init(ofClientAt address: IPAddress) {
        let address = address.canonical
        let length = min(address.bitWidth, 64)
        self = IPNetwork(containing: address, prefixLength: length) ?? IPNetwork(only: address)
    }
}
