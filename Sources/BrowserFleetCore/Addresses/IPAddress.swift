// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address as a number, without port or scope.
///
/// Who may reach what and who may take how much is decided by these values, never by how a host
/// was spelt.
public enum IPAddress: Hashable, Sendable {
    /// An IPv4 address; the first octet is the most significant byte.
    case v4(UInt32)
    /// An IPv6 address; the first group is the most significant.
    case v6(UInt128)

    /// The address the network really uses: an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) is
    /// dialled as IPv4 by every kernel, so it is judged and dialled as IPv4 here too.
    public var canonical: IPAddress {
        switch self {
        case .v4:
            return self
        case .v6(let bits):
            guard bits >> 32 == 0xffff else { return self }
            return .v4(UInt32(truncatingIfNeeded: bits))
        }
    }

    /// 32 for IPv4, 128 for IPv6.
    public var bitWidth: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the text form of RFC 5952 without its zero compression of mapped forms.
    public var description: String {
        switch self {
        case .v4(let bits):
            return [24, 16, 8, 0].map { String((bits >> UInt32($0)) & 0xff) }
                .joined(separator: ".")
        case .v6(let bits):
            return Self.text(of: bits)
        }
    }

    private static func text(of bits: UInt128) -> String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        let zeros = longestZeroRun(in: groups)
        func hex(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard zeros.count > 1 else { return hex(groups[...]) }
        return hex(groups[..<zeros.lowerBound]) + "::" + hex(groups[zeros.upperBound...])
    }

    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 {
                start = index + 1
            } else if index + 1 - start > best.count {
                best = start..<(index + 1)
            }
        }
        return best
    }
}
