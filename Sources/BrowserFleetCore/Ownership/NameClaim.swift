// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Takes and keeps one server name for one process, by compare-and-set on a store that all
/// processes of the name share.
///
/// A newer process fences an older one. A process that cannot reach the store goes on serving what
/// it holds but takes nothing new, for somebody else may have the name by now.
public struct NameClaim: Equatable, Sendable {
    /// Where the claim stands; each state lists the ones that may follow.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Not started -> `asking`.
        case idle
        /// Wants the name -> `holding`, `released`.
        case asking
        /// Has it -> `unsure`, `raising`, `fenced`, `released`.
        case holding
        /// Has it, under a number that somebody does not listen to -> `holding`, `fenced`,
        /// `released`.
        case raising
        /// Has it, but has not heard from the store lately -> `holding`, `fenced`, `released`.
        case unsure
        /// A newer process has it. Final.
        case fenced
        /// Gave it back. Final.
        case released
    }

    /// What the claim is told.
    public enum Event: Hashable, Sendable {
        /// The process runs; `persisted` is the number it last wrote to its own disk, if any.
        case started(persisted: Int64?)
        /// The timer of ``NameClaim/nextDeadline`` fired. Harmless when early.
        case woke
        /// The store was read: who holds the name there, if anybody.
        case read(ServerEpoch?)
        /// The store took what ``NameClaim/Action/write(_:instead:)`` wanted written.
        case written(ServerEpoch)
        /// The store did not, because it held this instead of what was expected.
        case beaten(ServerEpoch?)
        /// Somebody does not listen to this process, since it knows a higher number.
        case refused(newest: Int64)
        /// The process ends and gives the name back.
        case leave
    }

    /// What the claim wants done. What is asked of the store may be lost: it is asked for again.
    public enum Action: Hashable, Sendable {
        /// Read the name's entry. Answered by ``NameClaim/Event/read(_:)``.
        case read
        /// Write `number` to the process's own disk, before anything that follows.
        case persist(Int64)
        /// Replace the entry by this epoch if the entry is `instead`. Answered by
        /// ``NameClaim/Event/written(_:)`` or ``NameClaim/Event/beaten(_:)``.
        case write(ServerEpoch, instead: ServerEpoch?)
        /// Serve under this epoch, and take new leases.
        case serve(ServerEpoch)
        /// Serve what is there, and take nothing new.
        case holdBack
        /// Stop serving: every lease ends, its clients hear that this is no longer the owner.
        case stop
        /// Give the name back, if the entry is this epoch. A store may keep the entry: whoever takes
        /// the name next then knows a number to be above.
        case erase(ServerEpoch)
    }

    /// How often the store is asked, and how long it may stay silent.
    public struct Rhythm: Hashable, Sendable {
        /// Time between two looks at the entry.
        public var renewal: Duration
        /// Silence after which the claim is `unsure`.
        public var patience: Duration

        /// Creates a rhythm; the defaults are those of heartbeats.
        public init(renewal: Duration = .seconds(1), patience: Duration = .seconds(3)) {
            self.renewal = renewal
            self.patience = patience
        }
    }

    /// The process that claims.
    public let process: UUIDv4
    /// Where the claim stands.
    public private(set) var state = State.idle
    /// The epoch the process serves under; `nil` before it has one and after it lost it.
    public private(set) var epoch: ServerEpoch?
    private let rhythm: Rhythm
    /// Numbers known of earlier epochs.
    private var highest: Int64?
    /// Numbers up to this one are not listened to.
    private var floor = Int64.min
    /// When the store last confirmed the entry.
    private var confirmedAt = FleetInstant.origin
    private var asksAt: FleetInstant?
    /// An entry of another process with a lower number, and when it is written over.
    private var older: ServerEpoch?
    private var overrulesAt = FleetInstant.origin

    /// Creates a claim that has not begun.
    public init(process: UUIDv4, rhythm: Rhythm = Rhythm()) {
        self.process = process
        self.rhythm = rhythm
    }

    /// When ``Event/woke`` is due; `nil` if nothing is waited for.
    public var nextDeadline: FleetInstant? { asksAt }

    /// Takes one event and says what is to be done.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: the monotonic clock.
    ///   - unixMilliseconds: the wall clock, which may be wrong.
    /// - Returns: what is to be done, in order.
    public mutating func handle(
        _ event: Event, at now: FleetInstant, unixMilliseconds: Int64
    ) -> [Action] {
        switch event {
        case .started(let persisted): return start(persisted, at: now)
        case .woke: return wake(at: now)
        case .read(let entry), .beaten(let entry):
            return learn(entry, at: now, unixMilliseconds: unixMilliseconds)
        case .written(let written): return written == epoch ? confirm(at: now) : []
        case .refused(let newest): return raise(above: newest)
        case .leave: return leave()
        }
    }

    private mutating func start(_ persisted: Int64?, at now: FleetInstant) -> [Action] {
        guard state == .idle else { return [] }
        state = .asking
        highest = persisted
        asksAt = now.advanced(by: rhythm.renewal)
        return [.read]
    }

    private mutating func wake(at now: FleetInstant) -> [Action] {
        guard let asksAt, asksAt <= now else { return [] }
        self.asksAt = now.advanced(by: rhythm.renewal)
        let isSilent = confirmedAt.advanced(by: rhythm.patience) <= now
        guard state == .holding, isSilent else { return [.read] }
        state = .unsure
        return [.holdBack, .read]
    }

    /// The entry decides. One of this process confirms it; a newer one fences a holder; one that
    /// is older, or none, means that the store lost its memory, and is written over: none at once,
    /// an older one when its process had time to take a higher number.
    private mutating func learn(
        _ entry: ServerEpoch?, at now: FleetInstant, unixMilliseconds: Int64
    ) -> [Action] {
        let isOurs = entry?.process == process
        if let entry { note(entry.number) }
        switch state {
        case .idle, .fenced, .released: return []
        case .asking, .raising:
            if isOurs, let entry, entry.number > floor {
                epoch = entry
                return confirm(at: now)
            }
            if state == .raising, !isOurs, entry != nil { return fence() }
            return claim(instead: entry, unixMilliseconds: unixMilliseconds)
        case .holding, .unsure:
            if let entry, entry == epoch { return confirm(at: now) }
            guard let epoch else { return [] }
            if isOurs || entry == nil { return [.write(epoch, instead: entry)] }
            guard let entry, entry.number < epoch.number else { return fence() }
            return outlast(entry, at: now)
        }
    }

    /// Somebody with a lower number does not know of this process yet. It will hear of it from
    /// whoever knows both, take a higher number, and then this process is fenced. One that does not
    /// in time has ended, and its entry came back with an older state of the store.
    private mutating func outlast(_ entry: ServerEpoch, at now: FleetInstant) -> [Action] {
        if older != entry {
            older = entry
            overrulesAt = now.advanced(by: rhythm.patience)
        }
        guard let epoch, overrulesAt <= now else { return [] }
        return [.write(epoch, instead: entry)]
    }

    private mutating func claim(
        instead entry: ServerEpoch?, unixMilliseconds: Int64
    ) -> [Action] {
        let number = ServerEpoch.number(
            above: highest.map { [$0] } ?? [], unixMilliseconds: unixMilliseconds)
        let wanted = ServerEpoch(number: number, process: process)
        note(number)
        epoch = wanted
        return [.persist(number), .write(wanted, instead: entry)]
    }

    private mutating func confirm(at now: FleetInstant) -> [Action] {
        guard let epoch else { return [] }
        confirmedAt = now
        older = nil
        switch state {
        case .idle, .fenced, .released, .holding: return []
        case .asking, .raising, .unsure:
            state = .holding
            return [.serve(epoch)]
        }
    }

    /// Somebody knows a higher number. If the store says that the name is ours, a higher one is
    /// taken; if not, the store says so.
    private mutating func raise(above newest: Int64) -> [Action] {
        note(newest)
        guard state == .holding || state == .unsure, let epoch, epoch.number <= newest else {
            return []
        }
        state = .raising
        floor = newest
        self.epoch = nil
        return [.holdBack, .read]
    }

    private mutating func fence() -> [Action] {
        state = .fenced
        epoch = nil
        asksAt = nil
        return [.stop]
    }

    private mutating func leave() -> [Action] {
        guard state != .fenced, state != .released else { return [] }
        let last = epoch
        state = .released
        epoch = nil
        asksAt = nil
        return [.stop] + (last.map { [.erase($0)] } ?? [])
    }

    private mutating func note(_ number: Int64) { highest = max(highest ?? number, number) }
}
