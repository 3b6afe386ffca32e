// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A block of addresses in CIDR notation, such as `10.0.0.0/8`.
public struct IPNetwork: Hashable, Sendable {
    /// The first address of the block; bits after the prefix are zero.
    public let first: IPAddress
    /// How many leading bits all addresses of the block share.
    public let prefixLength: Int

    /// The block of one address.
    public init(only address: IPAddress) {
        first = address
        prefixLength = address.bitWidth
    }

    /// The block of `prefixLength` leading bits that holds `address`; nil if the length does not
    /// fit the address family.
    public init?(containing address: IPAddress, prefixLength: Int) {
        guard (0...address.bitWidth).contains(prefixLength) else { return nil }
        self.first = Self.masked(address, to: prefixLength)
        self.prefixLength = prefixLength
    }

    /// Whether the block is one address written out in full.
    public var isSingleAddress: Bool { prefixLength == first.bitWidth }

    /// Whether `address` lies in this block. Families never match each other.
    public func contains(_ address: IPAddress) -> Bool {
        Self.masked(address, to: prefixLength) == first
    }

    private static func masked(_ address: IPAddress, to length: Int) -> IPAddress {
        switch address {
        case .v4(let bits): .v4(bits & ~(UInt32.max.shiftedRight(length)))
        case .v6(let bits): .v6(bits & ~(UInt128.max.shiftedRight(length)))
        }
    }

    /// A block of a table of known ones, from trusted numbers.
    package init(v4 bits: UInt32, _ length: Int) {
        first = .v4(bits)
        prefixLength = length
    }

    /// A block of a table of known ones, from its first 64 bits.
    package init(v6 leading: UInt64, _ length: Int) {
        first = .v6(UInt128(leading) << 64)
        prefixLength = length
    }
}

extension IPNetwork: CustomStringConvertible {
    /// CIDR notation; a block of one address without its length.
    public var description: String {
        isSingleAddress ? "\(first)" : "\(first)/\(prefixLength)"
    }
}

extension FixedWidthInteger {
    /// A right shift that gives zero at full width and beyond.
    fileprivate func shiftedRight(_ count: Int) -> Self {
        count >= Self.bitWidth ? 0 : self >> Self(truncatingIfNeeded: count)
    }
}
