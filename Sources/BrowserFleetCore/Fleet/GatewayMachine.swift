// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What one gateway decides: which servers there are and how they are (``FleetView``), and where
/// create calls go (``CreateBroker``). A value without clock, randomness or I/O of its own; a
/// driver hands in events with the time, carries out the actions in order, and arms one timer for
/// ``nextDeadline``.
public struct GatewayMachine: Equatable, Sendable {
    /// What the machine is told.
    public enum Event: Hashable, Sendable {
        /// The timer of ``GatewayMachine/nextDeadline`` fired. Harmless when early.
        case woke
        /// About servers.
        case fleet(FleetView.Event)
        /// About create calls.
        case create(CreateBroker.Event)
    }

    /// What the machine wants done.
    public enum Action: Hashable, Sendable {
        /// About servers.
        case fleet(FleetView.Action)
        /// About create calls.
        case create(CreateBroker.Action)
    }

    /// How often waiting calls are looked at that no report woke: a server may have become
    /// acceptable by time alone.
    static let lookInterval = Duration.seconds(1)
    /// How many of them at once.
    static let looks = 16

    /// What is known of the servers.
    public internal(set) var view: FleetView
    /// Where create calls are.
    public internal(set) var broker: CreateBroker
    var random: SeededGenerator
    private var latest = FleetInstant.origin

    /// Creates a machine that knows nobody.
    ///
    /// - Parameters:
    ///   - limits: how servers are watched.
    ///   - placement: how a server is chosen for a new browser.
    ///   - creates: how create calls travel.
    ///   - seed: feeds strategies that draw; equal seeds and events give equal actions.
    public init(
        limits: FleetLimits = FleetLimits(), placement: Placement = Placement(),
        creates: CreateLimits = CreateLimits(), seed: UInt64
    ) {
        view = FleetView(limits: limits, placement: placement)
        broker = CreateBroker(limits: creates)
        random = SeededGenerator(seed: seed)
    }

    /// Takes one event and says what is to be done, in order. An instant before the latest counts
    /// as the latest.
    public mutating func handle(_ event: Event, at instant: FleetInstant) -> [Action] {
        latest = max(latest, instant)
        var actions: [Action] = []
        switch event {
        case .woke: tell(.woke, at: latest, into: &actions)
        case .fleet(let event): tell(event, at: latest, into: &actions)
        case .create(let event): take(event, at: latest, into: &actions)
        }
        meetDeadlines(at: latest, into: &actions)
        return actions
    }

    /// When ``Event/woke`` is due at the latest; `nil` if nothing is waited for. Free to ask.
    public var nextDeadline: FleetInstant? {
        guard let first = view.nextDeadline, let second = broker.nextDeadline else {
            return view.nextDeadline ?? broker.nextDeadline
        }
        return min(first, second)
    }

    /// Where calls about the browsers of the server go that `prefix` names: what the data path asks
    /// for every call. Allocates nothing, and copies less than a look at ``view``.
    public func owner(of prefix: ServerPrefix) -> OwnerStanding { view.owner(of: prefix) }

    /// Calls that wait here for a server with room.
    public var waiting: Int { broker.waiting }

    /// What is wrong with the machine's state, one sentence each; for tests and the simulator.
    public func checkInvariants() -> [String] {
        var broken = view.checkInvariants() + broker.checkInvariants()
        var inFlight: [ServerName: Int] = [:]
        for journey in broker.journeys.values {
            if let attempt = journey.attempt { inFlight[attempt.server, default: 0] += 1 }
        }
        for row in view.rows where row.inFlight > inFlight[row.name, default: 0] {
            broken.append("\(row.name) is charged for calls that are not on their way")
        }
        return broken
    }

    /// Tells the view, and lets calls go where that opens or shuts a way.
    mutating func tell(
        _ event: FleetView.Event, at now: FleetInstant, into actions: inout [Action]
    ) {
        let wanted = view.handle(event, at: now)
        actions += wanted.map(Action.fleet)
        for action in wanted {
            switch action {
            case .silent(let server), .lost(let server):
                giveUp(on: server, at: now, into: &actions)
            case .changed(let server, _, to: .active, _):
                serve(on: server, at: now, into: &actions)
            case .answer(let server, .accepted), .returned(let server):
                serve(on: server, at: now, into: &actions)
            case .answer, .probe, .changed, .replaced: break
            }
        }
        if case .probed(let probe, _?) = event { serve(on: probe.server, at: now, into: &actions) }
    }
}
