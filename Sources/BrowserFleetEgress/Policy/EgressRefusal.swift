// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why the relay would not go somewhere. Closed; `rawValue` is the one word used in the answer to
/// the browser, in logs and in metrics.
public enum EgressRefusal: String, CaseIterable, Hashable, Sendable {
    /// `0.0.0.0/8` and `::`, which kernels take for this very host.
    case unspecified
    /// `127.0.0.0/8`, `::1`, and names that mean this host.
    case loopback
    /// RFC 1918, and the local-use NAT64 prefix of RFC 8215.
    case `private`
    /// `169.254.0.0/16` and `fe80::/10`.
    case linkLocal = "link-local"
    /// A cloud's metadata or credential service, wherever its address lies.
    case metadata
    /// Carrier-grade NAT, `100.64.0.0/10` (RFC 6598).
    case carrier
    /// `224.0.0.0/4` and `ff00::/8`.
    case multicast
    /// `255.255.255.255`.
    case broadcast
    /// Blocks kept for documents (RFC 5737, RFC 3849, RFC 9637).
    case documentation
    /// Blocks kept for benchmarks (RFC 2544, RFC 5180).
    case benchmark
    /// Everything else that no host on the internet has (IANA special-purpose registries).
    case reserved
    /// `fc00::/7` (RFC 4193).
    case uniqueLocal = "unique-local"
    /// `fec0::/10` (RFC 3879, deprecated but still routed by some).
    case siteLocal = "site-local"
    /// An address of the host that runs the relay.
    case ownAddress = "own-address"
    /// A port that no browser may use (mail, name and control services).
    case port
    /// The request named no host and port that could be judged.
    case target

    /// Refusals that only a rule naming the exact address lifts: a wildcard or a wide block that
    /// happens to cover a credential service was not meant to open it.
    var needsExactRule: Bool {
        switch self {
        case .metadata, .unspecified, .multicast, .broadcast: true
        case .loopback, .private, .linkLocal, .carrier, .documentation, .benchmark, .reserved,
            .uniqueLocal, .siteLocal, .ownAddress, .port, .target:
            false
        }
    }
}
