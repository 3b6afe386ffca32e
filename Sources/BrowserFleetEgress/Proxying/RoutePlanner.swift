// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Where to dial for a target: addresses that the policy has already agreed to.
struct RoutePlan: Sendable {
    /// In the order to try; never empty.
    let addresses: [IPAddress]
    let port: UInt16
    /// The proxy that these addresses belong to; nil if they are the target's own.
    let upstream: UpstreamProxy?
}

/// Resolves and judges. What it returns is dialled as it stands: no name is resolved twice, so an
/// answer that changes in between changes nothing.
struct RoutePlanner: Sendable {
    let lookups: NameLookups
    /// The relay's number among those that share `lookups`.
    let relay: UInt64
    var host = HostAddresses.shared

    /// - Throws: `EgressProblem`.
    func plan(for target: EgressTarget, by route: EgressRoute) async throws -> RoutePlan {
        // Where they cannot be read, any address may be ours.
        guard let own = try? host.current() else { throw EgressProblem.refused(.ownAddress) }
        let policy = route.policy.refusing(own: own)
        guard let upstream = route.upstream, !upstream.bypass.covers(target) else {
            let addresses = try await permittedAddresses(of: target, by: policy)
            return RoutePlan(addresses: addresses, port: target.port, upstream: nil)
        }
        try await judgeRemoteName(target, by: policy)
        let addresses = try await proxyAddresses(upstream, by: policy)
        return RoutePlan(addresses: addresses, port: upstream.endpoint.port, upstream: upstream)
    }

    /// The addresses of `target` that may be dialled. Refused ones are left out; if none is left,
    /// the first refusal stands for all.
    private func permittedAddresses(
        of target: EgressTarget, by policy: EgressPolicy
    ) async throws -> [IPAddress] {
        let found = try await addresses(of: target)
        let permitted = found.filter { policy.refusal(of: target, at: $0) == nil }
        guard permitted.isEmpty else { return permitted }
        let refusals = found.compactMap { policy.refusal(of: target, at: $0) }
        throw refusals.first.map(EgressProblem.refused) ?? EgressProblem.failed(.unresolved)
    }

    private func proxyAddresses(
        _ upstream: UpstreamProxy, by policy: EgressPolicy
    ) async throws -> [IPAddress] {
        do {
            return try await permittedAddresses(of: upstream.endpoint, by: policy)
        } catch EgressProblem.failed(.unresolved) {
            throw EgressProblem.failed(.proxyUnreachable)
        }
    }

    /// Refuses a target that the proxy would resolve, if any address known here is refused: which
    /// of them the proxy would take cannot be told.
    private func judgeRemoteName(_ target: EgressTarget, by policy: EgressPolicy) async throws {
        if let refusal = policy.refusalByName(of: target) { throw EgressProblem.refused(refusal) }
        switch policy.upstreamNames {
        case .leaveToProxy: return
        case .resolveHere: break
        }
        guard target.literal == nil else { return }
        do {
            for address in try await addresses(of: target) {
                if let refusal = policy.refusal(of: target, at: address) {
                    throw EgressProblem.refused(refusal)
                }
            }
        } catch EgressProblem.failed(.unresolved) {
            return
        }
    }

    private func addresses(of target: EgressTarget) async throws -> [IPAddress] {
        if let literal = target.literal { return [literal.canonical] }
        do {
            return try await lookups.addresses(of: target.host, for: relay).map(\.canonical)
        } catch ResolutionError.tooMany {
            throw EgressProblem.failed(.tooManyLookups)
        } catch is CancellationError {
            throw EgressProblem.failed(.timeout)
        } catch {
            throw EgressProblem.failed(.unresolved)
        }
    }
}
