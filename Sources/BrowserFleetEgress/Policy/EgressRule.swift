// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// One entry of the operator's allow-list (`EGRESS_ALLOW`): a place that may be reached although
/// it is private.
public struct EgressRule: Hashable, Sendable {
    let pattern: HostPattern
    let port: UInt16?

    /// Whether this rule was written for `target` when it is found at `address`.
    ///
    /// A name lifts what its resolution gives, but never a metadata service: whoever runs a name
    /// under an allowed suffix could point it there.
    func lifts(_ refusal: EgressRefusal, of target: EgressTarget, at address: IPAddress) -> Bool {
        guard covers(target, at: address) else { return false }
        return !refusal.needsExactRule || pattern.isExactAddress
    }

    /// Whether this rule speaks of `target` at `address` at all.
    func covers(_ target: EgressTarget, at address: IPAddress) -> Bool {
        guard port == nil || port == target.port else { return false }
        return pattern.matches(nameOf: target) || pattern.matches(address)
    }

    /// Whether this rule names `target` by its name.
    func covers(nameOf target: EgressTarget) -> Bool {
        (port == nil || port == target.port) && pattern.matches(nameOf: target)
    }
}

extension EgressRule: CustomStringConvertible {
    /// The entry as an operator would write it.
    public var description: String {
        guard let port else { return pattern.description }
        switch pattern {
        case .network(let network):
            switch network.first {
            case .v4: return "\(network):\(port)"
            case .v6: return "[\(network)]:\(port)"
            }
        case .name, .suffix: return "\(pattern):\(port)"
        }
    }
}
