// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
public import BrowserFleetRuntime

/// Measures how long the service of a store takes to end when it is told to.
public struct StoreEnd: Sendable {
    /// How often it is served and told to end.
    public var rounds: Int
    /// Events that are published in each round, after which it is told to end: the first time at
    /// once, each further time a little later.
    public var events: Int

    /// Names what is done.
    public init(rounds: Int, events: Int) {
        self.rounds = rounds
        self.events = events
    }

    /// The longest end of all rounds, each with a store of its own.
    public func longest(of makeStore: () throws -> any SharedStore) async throws -> Duration {
        var longest = Duration.zero
        for round in 0..<rounds {
            let store = try makeStore()
            let serving = Task { await store.run() }
            for number in 0..<events {
                let event = FleetEvent(.serverLost, subject: "\(number)", unixMilliseconds: 1)
                try await store.publish([event])
            }
            try await Task.sleep(for: .milliseconds(round % 5))
            let began = ContinuousClock.now
            serving.cancel()
            await serving.value
            longest = max(longest, ContinuousClock.now - began)
        }
        return longest
    }
}
