// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Where browsers may go. Pure: it judges a target by the address it resolved to; resolving and
/// dialling are done by others, who dial exactly the address that was judged.
public struct EgressPolicy: Equatable, Sendable {
    /// How names are checked that an upstream proxy will resolve for itself.
    public enum UpstreamNames: Hashable, Sendable {
        /// Resolve them here too and refuse if any answer is refused. A name unknown here is left
        /// to the proxy: a proxy's own resolver is often the only one that works.
        case resolveHere
        /// Only literal addresses and names that mean this host or a metadata service are judged.
        case leaveToProxy
    }

    /// What the operator opened.
    public let allowed: [EgressRule]
    /// Addresses of this host, refused even where they are public: its other services listen there.
    /// A relay adds those that the host's interfaces have at the moment.
    public let ownAddresses: Set<IPAddress>
    /// See `UpstreamNames`.
    public let upstreamNames: UpstreamNames

    /// Creates a policy that refuses all but the public internet and what `allowed` opens.
    public init(
        allowed: [EgressRule] = [], ownAddresses: Set<IPAddress> = [],
        upstreamNames: UpstreamNames = .resolveHere
    ) {
        self.allowed = allowed
        self.ownAddresses = ownAddresses
        self.upstreamNames = upstreamNames
    }

    /// Creates a policy from the text of `EGRESS_ALLOW`.
    public init(
        allowing list: String, ownAddresses: Set<IPAddress> = [],
        upstreamNames: UpstreamNames = .resolveHere
    ) throws(EgressRuleError) {
        self.init(
            allowed: try EgressRule.parse(list: list), ownAddresses: ownAddresses,
            upstreamNames: upstreamNames)
    }

    /// The same policy, with more addresses of this host.
    func refusing(own more: Set<IPAddress>) -> EgressPolicy {
        EgressPolicy(
            allowed: allowed, ownAddresses: ownAddresses.union(more), upstreamNames: upstreamNames)
    }

    /// Why `target` must not be reached at `address`; nil if it may be.
    ///
    /// To be asked for every address a name resolved to, right before dialling that address.
    public func refusal(of target: EgressTarget, at address: IPAddress) -> EgressRefusal? {
        let address = address.canonical
        if let refusal = addressRefusal(address),
            !allowed.contains(where: { $0.lifts(refusal, of: target, at: address) })
        {
            return refusal
        }
        return portRefusal(of: target) { $0.covers(target, at: address) }
    }

    /// Why `target` must not be asked of an upstream proxy, as far as its name alone tells; nil if
    /// nothing speaks against it.
    public func refusalByName(of target: EgressTarget) -> EgressRefusal? {
        if let literal = target.literal { return refusal(of: target, at: literal) }
        if !allowed.contains(where: { $0.covers(nameOf: target) }) {
            if let known = DomainName.knownRefusal(target.host) { return known }
            if DomainName.endsInNumber(target.host) { return .target }
        }
        return portRefusal(of: target) { $0.covers(nameOf: target) }
    }

    /// A port of the table is opened by a rule with that port only.
    private func portRefusal(
        of target: EgressTarget, covered: (EgressRule) -> Bool
    ) -> EgressRefusal? {
        guard RefusedPorts.contains(target.port) else { return nil }
        return allowed.contains { $0.port != nil && covered($0) } ? nil : .port
    }

    private func addressRefusal(_ address: IPAddress) -> EgressRefusal? {
        address.refusal ?? (ownAddresses.contains(address) ? .ownAddress : nil)
    }
}
