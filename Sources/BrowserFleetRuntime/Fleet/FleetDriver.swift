// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import Logging
import Synchronization

/// What one server knows of its fleet, and what it does about it: the driver of `GatewayMachine`.
///
/// Every process has one. A node sends its reports to its gateways; a gateway hears and asks
/// servers, finds the owner of a browser (``Forwarding``) and places new ones. Run it in a service
/// group between the HTTP server and the pool: at a stop the pool drains first while reports go on,
/// then the gateways hear a good-bye.
public final class FleetDriver: Sendable {
    /// What an action wants done outside the lock.
    enum Effect: Sendable {
        case probe(Probe)
        case sleep(until: FleetInstant)
        case news(FleetNews)
    }

    struct State {
        var machine: GatewayMachine
        var calls: [RequestID: any CreateStepping] = [:]
        var requests = 0
        /// The answer to the heartbeat that is being taken.
        var answer: HeartbeatAnswer?
        /// What operators last said of servers.
        var words: [ServerName: OperatorWord] = [:]
        /// What servers call themselves.
        var serverIDs: [ServerName: ServerID] = [:]
        /// Who answered in a server's place.
        var strangers: [ServerName: ServerName] = [:]
        var advice = ScalingAdvice()
        var listeners: [@Sendable (FleetNews) -> Void] = []
        var armed: FleetInstant?
        var sleeping: Set<FleetInstant> = []
    }

    /// What the operator decided.
    public let settings: FleetSettings
    /// The process's hold of its name.
    public let hold: any NameHold
    /// The clock of the machine.
    public let clock: any FleetClock
    let peers: any FleetPeers
    let logger: Logger
    let report: @Sendable () -> ServerReport
    let effects: AsyncStream<Effect>
    let pulse = Pulse()
    private let state: Mutex<State>
    private let pending: AsyncStream<Effect>.Continuation

    /// Creates a driver that does nothing yet.
    ///
    /// - Parameters:
    ///   - settings: what the operator decided.
    ///   - hold: the process's hold of its name.
    ///   - peers: the way to other servers.
    ///   - report: how this server is; asked for each report.
    ///   - clock: tells the time and sleeps.
    ///   - logger: hears of servers that come and go.
    public init(
        settings: FleetSettings, hold: any NameHold, peers: any FleetPeers,
        report: @escaping @Sendable () -> ServerReport, clock: any FleetClock = MonotonicClock(),
        logger: Logger = Logger(label: "browserfleet.fleet")
    ) {
        self.settings = settings
        self.hold = hold
        self.peers = peers
        self.report = report
        self.clock = clock
        self.logger = logger
        (effects, pending) = AsyncStream.makeStream()
        let machine = GatewayMachine(
            limits: settings.limits, placement: Placement(strategy: settings.placement),
            creates: settings.creates, seed: UInt64.random(in: .min ... .max))
        state = Mutex(State(machine: machine))
        for entry in settings.servers { feed(.fleet(.entered(entry))) }
        if settings.role != .gateway { enterOwn() }
    }

    /// Whether this process answers for the browsers of others.
    public var isGateway: Bool { settings.role != .node }

    private func enterOwn() {
        let own = settings.own
        let entry = ServerEntry(
            name: own.name, endpoint: own.endpoint, origin: .own, fields: own.fields)
        enter(entry, id: own.id)
        hearOwn()
    }

    // MARK: The funnel

    /// Tells the machine one event and runs what it answers.
    func feed(_ event: GatewayMachine.Event) {
        state.withLock { feed(event, &$0) }
    }

    /// Reads or changes the state.
    func withState<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { body(&$0) }
    }

    func feed(_ event: GatewayMachine.Event, _ state: inout State) {
        let now = clock.now
        for action in state.machine.handle(event, at: now) {
            switch action {
            case .fleet(let action): run(action, &state)
            case .create(let action): run(action, &state)
            }
        }
        guard let deadline = state.machine.nextDeadline else { return }
        if let armed = state.armed, armed <= deadline { return }
        state.armed = deadline
        guard state.sleeping.insert(deadline).inserted else { return }
        pending.yield(.sleep(until: deadline))
    }

    /// The armed timer rang, or an older one that an earlier deadline overtook.
    func woke(_ deadline: FleetInstant) {
        state.withLock { state in
            state.sleeping.remove(deadline)
            if state.armed == deadline { state.armed = nil }
            feed(.woke, &state)
        }
    }

    /// No more effects come.
    func finish() { pending.finish() }

    private func run(_ action: FleetView.Action, _ state: inout State) {
        switch action {
        case .answer(_, let answer): state.answer = answer
        case .probe(let probe): pending.yield(.probe(probe))
        case .lost(let name): pending.yield(.news(.lost(name)))
        case .returned(let name): pending.yield(.news(.returned(name)))
        case .replaced(let name, let epoch): pending.yield(.news(.replaced(name, by: epoch)))
        case .silent(let name): pending.yield(.news(.silent(name)))
        case .changed(let name, let old, let new, let reason):
            pending.yield(.news(.changed(name, from: old, to: new, because: reason)))
        }
    }

    private func run(_ action: CreateBroker.Action, _ state: inout State) {
        switch action {
        case .attempt(let attempt, let patience, let explanation):
            state.calls[attempt.call]?.attempt(attempt, patience, explanation)
        case .abandon(let attempt): state.calls[attempt.call]?.abandon(attempt)
        case .release(let attempt): state.calls[attempt.call]?.release(attempt)
        case .answer(let attempt): state.calls[attempt.call]?.answer(attempt)
        case .refuse(let call, let refusal): state.calls[call]?.refuse(refusal)
        }
    }
}

/// What happened to a server, for logs, events and the data path.
public enum FleetNews: Hashable, Sendable {
    /// It answers nothing, though it may return.
    case silent(ServerName)
    /// It is gone, and its browsers with it.
    case lost(ServerName)
    /// One that was lost reports itself again.
    case returned(ServerName)
    /// A newer process has its name; the browsers of the older one are gone.
    case replaced(ServerName, by: ServerEpoch)
    /// It stands otherwise than before.
    case changed(ServerName, from: ServerStanding, to: ServerStanding, because: StandingReason)
}
