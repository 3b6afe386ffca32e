// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The decisions of one server's pool: which browsers to launch, who gets one, when each ends.
///
/// A value without clock, randomness or I/O of its own. The driver hands in events with the time
/// and carries out the actions that come back, in order; it arms one timer for ``nextDeadline``.
/// Each of these questions has a machine of its own inside: whose turn it is (`WaitQueue`), what
/// is asked for and there (`Shelves`), whether a launch may begin (`LaunchGate`), when a lease
/// ends (`LeaseClock`), whether the computer is too busy (``PressureGate``).
public struct PoolMachine: Equatable, Sendable {
    /// Whether leases are given. Legal changes: `running` -> `draining`, `stopping`;
    /// `draining` -> `running`, `stopping`.
    enum Mode: Equatable, Sendable {
        case running
        case draining(by: FleetInstant)
        case stopping
    }

    /// What the operator decided, every value held to its sensible range.
    public let configuration: PoolConfiguration
    /// What happened so far.
    public internal(set) var ledger = PoolLedger()
    /// How many slots are in which state, and how many callers wait. Kept along, so free to ask.
    public internal(set) var counts: PoolCounts

    var mode = Mode.running
    /// Whether ``Action/drained`` was said for the drain that is on.
    var saidDrained = false
    var slots: [Slot]
    /// Places of empty slots, the next to use last.
    var emptyPlaces: [Int]
    /// One deadline for each slot; what it means depends on the slot's state.
    var deadlines: DeadlineHeap
    var queue: WaitQueue
    var shelves = Shelves()
    var gate: LaunchGate
    var pressure: PressureGate
    var estimate = WaitEstimate()
    /// Leases by the request they came from, for a cancellation that crosses its grant.
    var leases: [RequestID: LeaseID] = [:]
    private var random: SeededGenerator
    private var latest = FleetInstant.origin

    /// Creates a machine with empty slots; the first event makes it launch.
    ///
    /// - Parameters:
    ///   - configuration: what the operator decided.
    ///   - seed: feeds the jitter of lifetimes; equal seeds and events give equal actions.
    public init(configuration: PoolConfiguration, seed: UInt64) {
        let configuration = configuration.normalized
        let capacity = configuration.maxBrowsers
        self.configuration = configuration
        counts = PoolCounts(capacity: capacity)
        slots = (0..<capacity).map { Slot(id: SlotID(index: $0, occupation: 0)) }
        emptyPlaces = Array((0..<capacity).reversed())
        deadlines = DeadlineHeap(capacity: capacity)
        queue = WaitQueue(bound: configuration.queueBound + capacity + 1)
        gate = LaunchGate(limits: configuration.launch)
        pressure = PressureGate(limits: configuration.pressure)
        random = SeededGenerator(seed: seed)
    }

    /// Takes one event and says what is to be done.
    ///
    /// Time never runs backwards here: an instant before the latest counts as the latest. Callers
    /// whose deadline has come are refused before the event is looked at, so nobody gets a browser
    /// too late; leases are ended after it, so a client that comes at the last moment is in time.
    public mutating func handle(_ event: Event, at instant: FleetInstant) -> [Action] {
        latest = max(latest, instant)
        var actions: [Action] = []
        expireWaiters(at: latest, into: &actions)
        take(event, at: latest, into: &actions)
        meetDeadlines(at: latest, into: &actions)
        serve(at: latest, into: &actions)
        sayDrained(into: &actions)
        return actions
    }

    /// When ``Event/woke`` is due at the latest; `nil` if nothing is waited for. Free to ask.
    public var nextDeadline: FleetInstant? {
        var earliest = min(
            deadlines.first?.instant ?? .distantFuture, queue.nextDeadline ?? .distantFuture,
            gate.nextDeadline ?? .distantFuture)
        if counts.leased > 0, let drainDeadline { earliest = min(earliest, drainDeadline) }
        return earliest == .distantFuture ? nil : earliest
    }

    /// How many callers will be served before and including this one; `nil` if it does not wait.
    public func place(of request: RequestID) -> Int? { queue.place(of: request) }

    /// A lifetime for a lease with these terms, shortened at random.
    mutating func lifetime(_ terms: LeaseTerms) -> Duration {
        configuration.maxLifetime.resolve(terms.maxLifetime)
            .shortened(byUpTo: Double(configuration.lifetimeJitter) / 100, using: &random)
    }

    private mutating func take(
        _ event: Event, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch event {
        case .started, .woke: break
        case .requested(let request): requested(request, at: now, into: &actions)
        case .cancelled(let request): cancelled(request, at: now, into: &actions)
        case .launched, .launchFailed, .broke, .ended, .memory:
            takeSlotEvent(event, at: now, into: &actions)
        case .connected, .disconnected, .used, .activity, .finish:
            takeLeaseEvent(event, at: now, into: &actions)
        case .sampled(let sample): pressure.take(sample, at: now)
        case .drain(let by): drain(by: by, at: now, into: &actions)
        case .stop: stop(at: now, into: &actions)
        case .resume: resume()
        }
    }
}
