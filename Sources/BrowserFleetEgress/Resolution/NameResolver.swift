// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Turns names into addresses. A port of the relays, who ask it in turns (`NameLookups`).
public protocol NameResolver: Sendable {
    /// All addresses of `host`, best first, at least one. Callers do not wait for it longer than
    /// `EgressLimits.lookupDeadline`, but it counts as running until it returns.
    ///
    /// - Throws: `ResolutionError`.
    func resolve(_ host: String) async throws -> [IPAddress]
}

/// Why a name gave no address.
public enum ResolutionError: Error, Hashable, Sendable {
    /// The name does not exist or has no address.
    case notFound
    /// No name server gave an answer.
    case unavailable
    /// Too many look-ups of this relay wait already. Said by `NameLookups`, not by a resolver.
    case tooMany
}
