// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// The launcher port: a pool of something that is not Chromium. Here a "browser" is a counter that
// is ready after 50 milliseconds; another engine would start its process in `launch`.

import BrowserFleetCore
import BrowserFleetRuntime
import Synchronization

/// What the pool hands out.
final class Counter: LaunchedBrowser {
    private struct State {
        var count = 0
        var hasEnded = false
        var waiters: [CheckedContinuation<BrowserExit, Never>] = []
    }

    private let state = Mutex(State())

    /// What callers do with it.
    func next() -> Int {
        state.withLock { state in
            state.count += 1
            return state.count
        }
    }

    // Nothing can be chosen at the moment of the lease.
    func prepare(_ settings: LeaseSettings) async throws(LaunchError) {}

    var lastActivity: FleetInstant? { nil }
    var traffic: BrowserTraffic { BrowserTraffic() }
    func resources() async -> BrowserResources? { nil }

    // It never ends by itself, so this returns when the pool ends it.
    func awaitExit() async -> BrowserExit {
        await withCheckedContinuation { waiter in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiters.append(waiter) }
                return state.hasEnded
            }
            if hasEnded { waiter.resume(returning: .ended) }
        }
    }

    // Called for every browser, once it is to go; nothing may be left when it returns.
    func end(_ reason: EndReason) async {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: .ended) }
        print("a counter ended: \(reason.rawValue)")
    }
}

/// Starts counters.
struct CounterLauncher: BrowserLauncher {
    func launch(_ request: LaunchRequest) async throws(LaunchError) -> Counter {
        do {
            try await Task.sleep(for: .milliseconds(50))
        } catch {
            throw LaunchError(.cancelled, "The launch was given up.", remedy: "")
        }
        return Counter()
    }

    // There is nothing outside this process to look for.
    func sweep(keeping owned: Set<SlotID>) async -> SweepReport { SweepReport() }

    var engine: EngineDescription {
        EngineDescription(version: "Counter 1.0", isolation: .none, sandbox: false)
    }
}

let pool = BrowserPool(configuration: .init(maxBrowsers: 2, warm: 1), launcher: CounterLauncher())
try await pool.run { pool in
    for _ in 1...3 {
        try await pool.withBrowser { counter in
            print("a counter of its own says \(counter.next())")
        }
    }
}
