// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import Logging
import Synchronization

/// This process's hold of its server name in a store that the fleet shares: the driver of
/// `NameClaim`.
///
/// It takes the name, writes a full report under it in the rhythm of heartbeats, and gives the name
/// back at the end. A process that a newer one fenced is told so once.
public final class ClaimKeeper: NameHold {
    /// What the claim wants of the store; done one after the other, so that answers come in the
    /// order of the questions.
    enum Deed: Sendable {
        case read
        case persist(Int64)
        case write(ServerEpoch, instead: ServerEpoch?)
        case erase(ServerEpoch)
        case fenced
    }

    struct State {
        var claim: NameClaim
        /// Under which epoch the process serves, and whether it may take new leases.
        var serving: ServerEpoch?
        var mayTake = false
        var sequence: UInt64 = 0
        /// Whether a question waits that was not asked yet: a store that is away is asked one.
        var isReadDue = false
        var armed: FleetInstant?
        var onFenced: (@Sendable () -> Void)?
    }

    /// The parts of the process that the claim speaks of.
    public struct Parts: Sendable {
        /// The server that the process is.
        public var own: OwnServer
        /// How the server is; asked for each heartbeat.
        public var report: @Sendable () -> ServerReport
        /// The number that an earlier process wrote to its disk, if any.
        public var persisted: Int64?
        /// Writes the number, before it is used.
        public var persist: @Sendable (Int64) -> Void

        /// Names the parts.
        public init(
            own: OwnServer, persisted: Int64?, persist: @escaping @Sendable (Int64) -> Void,
            report: @escaping @Sendable () -> ServerReport
        ) {
            self.own = own
            self.persisted = persisted
            self.persist = persist
            self.report = report
        }
    }

    let parts: Parts
    let registry: any ServerRegistry
    let rhythm: NameClaim.Rhythm
    let clock: any FleetClock
    let logger: Logger
    let deeds: AsyncStream<Deed>
    private let pending: AsyncStream<Deed>.Continuation
    private let state: Mutex<State>

    /// Creates a keeper that does nothing yet.
    ///
    /// - Parameters:
    ///   - parts: what the claim speaks of.
    ///   - registry: the store.
    ///   - rhythm: how often a heartbeat is written, and how long the store may stay silent.
    ///   - clock: tells the time and sleeps.
    ///   - logger: hears of names that are taken and lost.
    public init(
        _ parts: Parts, registry: any ServerRegistry, rhythm: NameClaim.Rhythm,
        clock: any FleetClock = MonotonicClock(),
        logger: Logger = Logger(label: "browserfleet.fleet")
    ) {
        self.parts = parts
        self.registry = registry
        self.rhythm = rhythm
        self.clock = clock
        self.logger = logger
        // Of each kind one waits at most: the next write follows on a read, and of these one is due.
        (deeds, pending) = AsyncStream.makeStream()
        var generator = SystemRandomNumberGenerator()
        state = Mutex(
            State(claim: NameClaim(process: UUIDv4(using: &generator), rhythm: rhythm)))
    }

    // MARK: The hold

    /// The epoch that the process serves under.
    public var epoch: ServerEpoch? { state.withLock(\.serving) }

    /// Whether the process may take new leases. One that stood still hears first that its time is
    /// over.
    public var mayTake: Bool {
        state.withLock { state in
            if let deadline = state.claim.nextDeadline, deadline <= clock.now {
                feed(.woke, &state)
            }
            return state.mayTake
        }
    }

    /// The hold and the number of the next report under it.
    public func next() -> (epoch: ServerEpoch, sequence: UInt64)? {
        state.withLock { state in
            guard let epoch = state.serving else { return nil }
            state.sequence += 1
            return (epoch, state.sequence)
        }
    }

    /// Somebody knows a higher number of the name.
    ///
    /// - Returns: whether a higher one is being taken since just now.
    public func refused(newest: Int64) -> Bool {
        state.withLock { state in
            let wasRaising = state.claim.state == .raising
            feed(.refused(newest: newest), &state)
            return state.claim.state == .raising && !wasRaising
        }
    }

    /// Whether a newer process has the name, for good.
    public var isFenced: Bool { state.withLock { $0.claim.state == .fenced } }

    /// Registers what is done when a newer process has the name.
    public func onFenced(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.onFenced = action }
    }

    // MARK: The funnel

    /// Tells the claim one event and runs what it answers.
    func feed(_ event: NameClaim.Event) { state.withLock { feed(event, &$0) } }

    /// Reads or changes the state.
    func withState<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { body(&$0) }
    }

    /// No more deeds come.
    func finish() { pending.finish() }

    private func feed(_ event: NameClaim.Event, _ state: inout State) {
        let actions = state.claim.handle(
            event, at: clock.now, unixMilliseconds: clock.unixMilliseconds)
        for action in actions { run(action, &state) }
    }

    private func run(_ action: NameClaim.Action, _ state: inout State) {
        switch action {
        case .read:
            guard !state.isReadDue else { return }
            state.isReadDue = true
            pending.yield(.read)
        case .persist(let number): pending.yield(.persist(number))
        case .write(let epoch, let instead): pending.yield(.write(epoch, instead: instead))
        case .serve(let epoch):
            if state.serving != epoch { state.sequence = 0 }
            (state.serving, state.mayTake) = (epoch, true)
            logger.notice(
                "the server has its name",
                metadata: ["name": "\(parts.own.name)", "epoch": "\(epoch)"])
        case .holdBack:
            state.mayTake = false
            logger.warning("the server is not sure of its name and takes no new leases")
        case .stop:
            (state.serving, state.mayTake) = (nil, false)
            if state.claim.state == .fenced { pending.yield(.fenced) }
        case .erase(let epoch): pending.yield(.erase(epoch))
        }
    }
}

extension ClaimKeeper: Readiness {
    /// A process that is not sure of its name is given nothing new.
    public var unready: String? {
        withState(\.mayTake) ? nil : StoreError.Code.unavailable.word
    }
}
