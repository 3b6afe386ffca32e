// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Which hosts an entry of a list means.
enum HostPattern: Hashable, Sendable {
    /// Exactly this name, in lower case.
    case name(String)
    /// Every name under this one, not the name itself; kept without the leading `*.`.
    case suffix(String)
    /// Every address of a block.
    case network(IPNetwork)

    /// Whether `target` was asked for by a name that this pattern covers.
    func matches(nameOf target: EgressTarget) -> Bool {
        switch self {
        case .name(let name): target.host == name
        case .suffix(let suffix): target.host.hasSuffix("." + suffix)
        case .network: false
        }
    }

    /// Whether `address` lies in the block of this pattern.
    func matches(_ address: IPAddress) -> Bool {
        switch self {
        case .name, .suffix: false
        case .network(let network): network.contains(address)
        }
    }

    /// Whether the pattern is one address written out in full.
    var isExactAddress: Bool {
        switch self {
        case .name, .suffix: false
        case .network(let network): network.isSingleAddress
        }
    }
}

extension HostPattern: CustomStringConvertible {
    var description: String {
        switch self {
        case .name(let name): name
        case .suffix(let suffix): "*." + suffix
        case .network(let network): network.description
        }
    }
}
