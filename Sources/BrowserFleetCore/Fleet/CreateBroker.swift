// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The journeys of create calls at one gateway.
///
/// A call is tried on one server after the other within one deadline; nobody waits at a server. A
/// server that is full is not broken: it is left alone until it reports room. One that is broken is
/// not tried again for a while, and others of its region only when no other region can. When all
/// are full the call waits here, in its class and its owner's turn, and takes whichever server
/// reports room first. No call is lost: each is answered once (``CreateLedger``).
///
/// This is the book of it: who is on the way, who waits, what ended how. ``GatewayMachine`` decides,
/// for it knows the servers too.
public struct CreateBroker: Equatable, Sendable {
    /// What a broker is told.
    public enum Event: Hashable, Sendable {
        /// The timer of ``CreateBroker/nextDeadline`` fired. Harmless when early.
        case woke
        /// A caller wants a browser.
        case asked(CreateCall)
        /// An attempt ended.
        case ended(CreateAttempt, AttemptOutcome)
        /// A caller went away.
        case cancelled(RequestID)
        /// The gateway is about to end: nothing new is taken, who waits is refused, what is on its
        /// way may arrive.
        case stop
    }

    /// What a broker wants done.
    public enum Action: Hashable, Sendable {
        /// Try the call on a server that answers at once, and answer the attempt within `patience`.
        case attempt(CreateAttempt, patience: Duration, PlacementExplanation?)
        /// Nobody waits for this attempt any more: cut it short.
        case abandon(CreateAttempt)
        /// This attempt brought a browser that nobody wants any more: delete it.
        case release(CreateAttempt)
        /// Answer the call with what this attempt brought: a browser, or the server's own refusal.
        case answer(CreateAttempt)
        /// Answer the call with bad news.
        case refuse(RequestID, CreateRefusal)
    }

    /// One open call. Legal changes of its attempt: none -> one -> none; never two at once.
    struct Journey: Equatable, Sendable {
        let call: CreateCall
        let deadline: FleetInstant
        /// The try that is on its way.
        var attempt: CreateAttempt?
        /// Where the attempt's end is kept.
        var seat: Int?
        var attempts = 0
        var broken: [Breakage] = []
        var breakages = 0
    }

    /// A server that broke a call.
    struct Breakage: Equatable, Sendable {
        var server: ServerName
        var region: String?
        /// When it may be tried again.
        var until: FleetInstant
    }

    /// How calls travel.
    public let limits: CreateLimits
    /// What happened so far.
    public internal(set) var ledger = CreateLedger()

    var journeys: [RequestID: Journey] = [:]
    var queue: WaitQueue
    /// Of those in the queue, the calls that are not just being tried.
    var idle = 0
    var estimate = WaitEstimate()
    /// When attempts end, by seat, and who sits where.
    var ends = DeadlineHeap(capacity: 0)
    var seats: [RequestID?] = []
    var emptySeats: [Int] = []
    /// When waiting calls are looked at that no report woke.
    var looksAt: FleetInstant?
    var isStopping = false

    /// Creates a broker without calls.
    public init(limits: CreateLimits = CreateLimits()) {
        self.limits = limits
        queue = WaitQueue(bound: limits.queueBound + 1)
    }

    /// Calls that are neither answered nor given up.
    public var open: Int { journeys.count }

    /// Calls that wait for a server with room.
    public var waiting: Int { queue.count }

    /// How many calls will be served before and including this one; `nil` if it does not wait.
    public func place(of call: RequestID) -> Int? { queue.place(of: call) }

    /// How long a call that comes now and has to wait would wait, as far as is known.
    public func estimatedWait(at now: FleetInstant) -> Duration {
        estimate.wait(place: queue.count + 1, at: now)
    }

    /// When ``Event/woke`` is due at the latest; `nil` if nothing is waited for. Free to ask.
    public var nextDeadline: FleetInstant? {
        let earliest = min(
            ends.first?.instant ?? .distantFuture, queue.nextDeadline ?? .distantFuture,
            looksAt ?? .distantFuture)
        return earliest == .distantFuture ? nil : earliest
    }
}
