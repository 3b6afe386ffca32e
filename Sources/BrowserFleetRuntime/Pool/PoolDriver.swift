// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
import Synchronization

/// The funnel between the world and the pool's machine: lock, one `handle`, run the actions.
///
/// Actions only hand things on (resume a caller, yield an effect), so they run under the lock and
/// keep their order; whatever takes time is an ``Effect`` that the run loop works off.
final class PoolDriver<Launcher: BrowserLauncher>: Sendable {
    /// What an action wants done outside the lock.
    enum Effect: Sendable {
        case launch(SlotID, LaunchProperties)
        case end(SlotID, EndReason)
        case probeActivity(LeaseID)
        case sleep(until: FleetInstant)
    }

    struct State {
        var machine: PoolMachine
        var callers: [RequestID: Caller<Launcher.Browser>] = [:]
        var occupants: [SlotID: Occupant<Launcher.Browser>] = [:]
        var records: [LeaseID: BrowserRecord] = [:]
        var leases: [BrowserID: LeaseID] = [:]
        var tombstones: Tombstones
        /// The last launch that failed, until one succeeds.
        var launchTrouble: LaunchError?
        var requests = 0
        var connections = 0
        /// The deadline that is slept for, and every instant that a sleeper is out for.
        var armed: FleetInstant?
        var sleeping: Set<FleetInstant> = []
        var isRunning = false
        /// The machine's figures when they were last read.
        var sample: PressureSample?
        /// Hears when the pool has room again, or no longer, or takes no more.
        var roomListener: (@Sendable () -> Void)?
        var room = Room()
    }

    /// What decides whether somebody who places browsers would choose this pool.
    struct Room: Equatable, Sendable {
        var isThere = false
        var obstacle: Refusal.Reason?
    }

    let settings: PoolSettings
    let clock: any FleetClock
    let logger: Logger
    let effects: AsyncStream<Effect>
    let state: Mutex<State>
    let metrics: PoolMetrics
    /// Hears of leases that begin and end.
    let events: (any EntrySink)?
    private let pending: AsyncStream<Effect>.Continuation

    init(
        configuration: PoolConfiguration, settings: PoolSettings, clock: any FleetClock,
        metrics: PoolMetrics, events: (any EntrySink)?, logger: Logger
    ) {
        self.settings = settings
        self.clock = clock
        self.metrics = metrics
        self.events = events
        self.logger = logger
        (effects, pending) = AsyncStream.makeStream()
        state = Mutex(
            State(
                machine: PoolMachine(
                    configuration: configuration, seed: UInt64.random(in: .min ... .max)),
                tombstones: Tombstones(capacity: settings.tombstones)))
    }

    // MARK: Events

    /// Tells the machine one event and runs what it answers.
    func feed(_ event: PoolMachine.Event) {
        state.withLock { feed(event, &$0) }
    }

    func feed(_ event: PoolMachine.Event, _ state: inout State) {
        let now = clock.now
        for action in state.machine.handle(event, at: now) { run(action, &state, at: now) }
        noteRoom(&state)
        guard let deadline = state.machine.nextDeadline else { return }
        if let armed = state.armed, armed <= deadline { return }
        state.armed = deadline
        guard state.sleeping.insert(deadline).inserted else { return }
        pending.yield(.sleep(until: deadline))
    }

    private func noteRoom(_ state: inout State) {
        guard let listener = state.roomListener else { return }
        let counts = state.machine.counts
        let free = min(counts.available, state.machine.configuration.maxLeases - counts.leased)
        let room = Room(isThere: free > counts.waiting, obstacle: state.machine.unready)
        guard room != state.room else { return }
        state.room = room
        listener()
    }

    /// The armed timer rang, or an older one that an earlier deadline overtook.
    func woke(_ deadline: FleetInstant) {
        state.withLock { state in
            state.sleeping.remove(deadline)
            if state.armed == deadline { state.armed = nil }
            feed(.woke, &state)
        }
    }

    private func run(_ action: PoolMachine.Action, _ state: inout State, at now: FleetInstant) {
        switch action {
        case .launch(let slot, let properties):
            state.occupants[slot] = .announced
            pending.yield(.launch(slot, properties))
        case .grant(let request, let grant): self.grant(request, grant, &state)
        case .refuse(let request, let refusal): refuse(request, refusal, &state)
        case .end(let slot, let lease, let reason):
            if let lease { bury(lease, reason, &state) }
            metrics.ended(reason, leased: lease != nil)
            pending.yield(.end(slot, reason))
        case .kill(let slot): pending.yield(.end(slot, .unhealthy))
        case .probeActivity(let lease): pending.yield(.probeActivity(lease))
        case .drained: pending.finish()
        }
    }

    // MARK: The whole

    /// The run loop begins.
    func start() {
        state.withLock { state in
            state.isRunning = true
            feed(.started, &state)
        }
    }

    /// The run loop has ended; callers that come now are refused.
    func stopped() {
        state.withLock { $0.isRunning = false }
    }

    /// Bytes one browser may have; nil is no limit.
    var memoryLimit: Int64? { state.withLock { $0.machine.configuration.memoryLimit } }

    /// What the pool looks like now.
    var snapshot: PoolSnapshot { state.withLock { $0.machine.snapshot(at: clock.now) } }

    /// Why a caller would be refused now, in one word.
    var unready: String? {
        state.withLock { state in
            state.isRunning ? state.machine.unready?.word : "not-running"
        }
    }
}
