// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a permitted target was not reached. Closed; `rawValue` is the word in answers, logs and
/// metrics.
public enum EgressFailure: String, CaseIterable, Hashable, Error, Sendable {
    /// The name has no address.
    case unresolved
    /// The relay has too many look-ups waiting already.
    case tooManyLookups = "too-many-lookups"
    /// Nobody answered at any permitted address.
    case unreachable
    /// Resolving, dialling or the upstream's handshake took longer than its deadline.
    case timeout
    /// The upstream proxy itself was not reached, or its certificate is not trusted.
    case proxyUnreachable = "proxy-unreachable"
    /// The upstream proxy does not take the user and password, or wants some and there are none.
    case proxyAuthenticationFailed = "proxy-authentication-failed"
    /// The upstream proxy will not open the way, or speaks something else than was expected.
    case proxyRefused = "proxy-refused"
    /// One side broke HTTP in a way that cannot be passed on.
    case protocolError = "protocol-error"
    /// The relay has as many connections as `EgressLimits.connections` allows.
    case tooManyConnections = "too-many-connections"
}
