// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import Synchronization

/// The addresses of this host's interfaces, never much older than a second: a host gets new ones
/// while it serves, and its other services listen there too.
final class HostAddresses: Sendable {
    private struct State {
        var known: Set<IPAddress>?
        var readAt: NIODeadline?
    }

    /// Those of this host.
    static let shared = HostAddresses(read: EgressPolicy.addressesOfThisHost)
    /// How old an answer may be.
    static let maximumAge = TimeAmount.seconds(1)

    private let read: @Sendable () throws -> Set<IPAddress>
    private let now: @Sendable () -> NIODeadline
    private let state = Mutex(State())

    init(
        read: @escaping @Sendable () throws -> Set<IPAddress>,
        now: @escaping @Sendable () -> NIODeadline = NIODeadline.now
    ) {
        self.read = read
        self.now = now
    }

    /// The addresses; those known so far when they cannot be read any more.
    ///
    /// - Throws: what reading throws, if they were never read.
    func current() throws -> Set<IPAddress> {
        try state.withLock { state in
            let instant = now()
            if let known = state.known, let last = state.readAt, instant - last < Self.maximumAge {
                return known
            }
            do {
                state.known = try read()
            } catch {
                guard state.known != nil else { throw error }
            }
            state.readAt = instant
            return state.known ?? []
        }
    }
}
