// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

/// A machine with a clock to turn by hand; checks the invariants after every event.
struct PoolTestBench {
    typealias Action = PoolMachine.Action

    var machine: PoolMachine
    var now = FleetInstant.origin
    private var requests = 0

    init(_ configuration: PoolConfiguration, started: Bool = true, seed: UInt64 = 1) {
        machine = PoolMachine(configuration: configuration, seed: seed)
        if started { send(.started) }
    }

    /// A pool without stock, jitter or surplus to think about.
    static func plain(
        _ maxBrowsers: Int, warm: Int = 0, change: (inout PoolConfiguration) -> Void = { _ in }
    ) -> PoolConfiguration {
        var configuration = PoolConfiguration(maxBrowsers: maxBrowsers, warmHeadless: warm)
        configuration.lifetimeJitter = 0
        configuration.launch.concurrency = maxBrowsers
        configuration.surplusTimeout = .seconds(3600)
        change(&configuration)
        return configuration
    }

    @discardableResult
    mutating func send(
        _ event: PoolMachine.Event, after wait: Duration = .zero,
        _ location: SourceLocation = #_sourceLocation
    ) -> [Action] {
        now = now.advanced(by: wait)
        let actions = machine.handle(event, at: now)
        #expect(machine.checkInvariants() == [], sourceLocation: location)
        return actions
    }

    /// Turns the clock by `duration`, waking the machine at each of its deadlines.
    @discardableResult
    mutating func pass(_ duration: Duration) -> [Action] {
        let end = now.advanced(by: duration)
        var actions: [Action] = []
        while let deadline = machine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            actions += send(.woke)
        }
        now = end
        return actions + send(.woke)
    }

    /// Sends a request and returns what came of it.
    @discardableResult
    mutating func request(
        owner: String = "ann", _ change: (inout PoolRequest) -> Void = { _ in }
    ) -> (id: RequestID, actions: [Action]) {
        requests += 1
        var request = PoolRequest(id: RequestID(requests), owner: owner)
        change(&request)
        return (request.id, send(.requested(request)))
    }

    /// Answers every launch among `actions` and those that follow from it.
    @discardableResult
    mutating func launchAll(_ actions: [Action]) -> [Action] {
        var pending = actions.launches
        var seen: [Action] = []
        while let next = pending.first {
            pending.removeFirst()
            let more = send(.launched(next))
            pending += more.launches
            seen += more
        }
        return seen
    }

    /// A pool whose stock is ready.
    static func ready(_ configuration: PoolConfiguration) -> PoolTestBench {
        var bench = PoolTestBench(configuration, started: false)
        bench.launchAll(bench.send(.started))
        return bench
    }

    /// A lease from a pool that has a warm browser.
    mutating func lease(_ change: (inout PoolRequest) -> Void = { _ in }) throws -> LeaseID {
        try #require(request(change).actions.grants.first).lease
    }
}

extension [PoolMachine.Action] {
    var launches: [SlotID] {
        compactMap { if case .launch(let slot, _) = $0 { slot } else { nil } }
    }

    var launchedProperties: [LaunchProperties] {
        compactMap { if case .launch(_, let properties) = $0 { properties } else { nil } }
    }

    var grants: [Grant] {
        compactMap { if case .grant(_, let grant) = $0 { grant } else { nil } }
    }

    var granted: [RequestID] {
        compactMap { if case .grant(let request, _) = $0 { request } else { nil } }
    }

    var refusals: [Refusal] {
        compactMap { if case .refuse(_, let refusal) = $0 { refusal } else { nil } }
    }

    var ends: [EndReason] {
        compactMap { if case .end(_, _, let reason) = $0 { reason } else { nil } }
    }

    var ended: [SlotID] {
        compactMap { if case .end(let slot, _, _) = $0 { slot } else { nil } }
    }

    var kills: [SlotID] {
        compactMap { if case .kill(let slot) = $0 { slot } else { nil } }
    }
}
