// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Turns names into addresses. A port of the relay; `SystemNameResolver` is the live one.
public protocol NameResolver: Sendable {
    /// All addresses of `host`, best first, at least one. The relay bounds the wait itself.
    ///
    /// - Throws: `ResolutionError`.
    func resolve(_ host: String) async throws -> [IPAddress]
}

/// Why a name gave no address.
public enum ResolutionError: Error, Hashable, Sendable {
    /// The name does not exist or has no address.
    case notFound
    /// No name server gave an answer, or too many lookups wait already.
    case unavailable
}
