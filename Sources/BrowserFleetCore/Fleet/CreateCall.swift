// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One caller's wish for a browser on some server.
public struct CreateCall: Hashable, Sendable {
    /// Names the call; the driver never uses it twice.
    public var id: RequestID
    /// Whose fair share the call counts against: the ID of an API key.
    public var owner: String
    /// Class of service.
    public var priority: PriorityClass
    /// The owner's share among owners that wait in the same class.
    public var weight: Int
    /// What server it may be.
    public var wish: PlacementWish
    /// How long the caller is willing to wait for a server with room. An attempt that is on its
    /// way then is still waited for, at least for ``CreateLimits/leastPatience``.
    public var patience: Duration
    /// Whether the caller asked why its server was chosen.
    public var isExplained: Bool

    /// Creates a call.
    public init(
        id: RequestID, owner: String, priority: PriorityClass = .normal, weight: Int = 1,
        wish: PlacementWish = PlacementWish(), patience: Duration = .seconds(30),
        isExplained: Bool = false
    ) {
        self.id = id
        self.owner = owner
        self.priority = priority
        self.weight = weight
        self.wish = wish
        self.patience = patience
        self.isExplained = isExplained
    }

    /// The same for a wait queue.
    var request: PoolRequest {
        PoolRequest(id: id, owner: owner, priority: priority, weight: weight)
    }
}

/// One try of a create call on one server, which answers at once whether it has room. Every attempt
/// is answered once to ``CreateBroker/Event/ended(_:_:)``, at the latest when its patience is over,
/// an abandoned one too.
public struct CreateAttempt: Hashable, Sendable {
    /// The call.
    public var call: RequestID
    /// The how manyeth of the call, from 1.
    public var number: Int
    /// The server.
    public var server: ServerName
    /// Where it is reached; `nil` if it is this very process.
    public var endpoint: ServerEndpoint?
}

/// How an attempt ended.
public enum AttemptOutcome: String, Hashable, Sendable, CaseIterable {
    /// The server made a browser.
    case made
    /// It has no room: `queue-full`.
    case full
    /// It takes none now, and said why: it drains, is in quarantine, under pressure.
    case declined
    /// No byte was sent: there is nobody, or no way to it.
    case unreachable
    /// It was sent, and what came back is no answer, or one that only a broken server gives.
    case broken
    /// The call itself is at fault, or its key's limits are: no other server would do better.
    case rejected

    /// Whether the server is to blame.
    public var isFailure: Bool {
        switch self {
        case .unreachable, .broken: true
        case .made, .full, .declined, .rejected: false
        }
    }
}

/// A caller's bad news from a gateway, with what an honest `Retry-After` needs.
public struct CreateRefusal: Hashable, Sendable {
    /// Why no browser was given. The raw value is the word in answers, metrics and events.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Everybody is full, and so is the wait queue.
        case queueFull = "queue-full"
        /// The caller's patience is over.
        case queueTimeout = "queue-timeout"
        /// No server of the fleet is what the call asks for.
        case noServer = "no-server"
        /// One server after the other broke the call.
        case serversBroken = "servers-broken"
        /// The gateway is about to end.
        case draining
    }

    /// Why no browser was given.
    public var reason: Reason
    /// The call's place in the queue when it was refused, counted from 1.
    public var place: Int?
    /// How long a call at that place would have to wait, as far as is known.
    public var estimate: Duration?
    /// When it makes sense to try again; `nil` where it never does.
    public var retryAfter: Duration?

    /// Creates a refusal.
    public init(
        reason: Reason, place: Int? = nil, estimate: Duration? = nil, retryAfter: Duration? = nil
    ) {
        self.reason = reason
        self.place = place
        self.estimate = estimate
        self.retryAfter = retryAfter
    }
}

/// How create calls travel.
public struct CreateLimits: Hashable, Sendable {
    /// Calls that wait at most: `REQUEST_QUEUE_SIZE`.
    public var queueBound: Int
    /// How long one attempt may take at most: a cold start, with something to spare.
    public var attemptPatience: Duration
    /// How long one attempt may take at least, however little of the caller's patience is left.
    public var leastPatience: Duration
    /// For how long a server that broke a call is not tried again for it.
    public var brokenPause: Duration
    /// How often servers may break one call before it is given up.
    public var mostBroken: Int

    /// Creates limits.
    public init(
        queueBound: Int = 100, attemptPatience: Duration = .seconds(20),
        leastPatience: Duration = .seconds(2), brokenPause: Duration = .seconds(1),
        mostBroken: Int = 8
    ) {
        self.queueBound = max(0, queueBound)
        self.attemptPatience = max(.milliseconds(1), attemptPatience)
        self.leastPatience = max(.milliseconds(1), min(leastPatience, attemptPatience))
        self.brokenPause = max(.milliseconds(1), brokenPause)
        self.mostBroken = max(1, mostBroken)
    }
}

/// Counts of create calls since the broker was made. Only grows. Every call that was asked ends in
/// exactly one of these ways, or is still open.
public struct CreateLedger: Hashable, Sendable {
    /// Calls that came.
    public internal(set) var asked = 0
    /// Calls that got a browser.
    public internal(set) var made = 0
    /// Calls that a server refused for what they ask.
    public internal(set) var rejected = 0
    /// Calls whose caller went away.
    public internal(set) var cancelled = 0
    private var refusals: [CreateRefusal.Reason: Int] = [:]

    /// Attempts that were made.
    public internal(set) var attempts = 0
    /// Attempts that a broken server spoiled.
    public internal(set) var failures = 0
    /// Browsers that came for a call that no longer wanted one.
    public internal(set) var released = 0
    /// Calls that had to wait for room.
    public internal(set) var waited = 0

    /// Creates an empty ledger.
    public init() {}

    /// Calls refused for `reason`.
    public func refused(_ reason: CreateRefusal.Reason) -> Int { refusals[reason, default: 0] }

    /// Calls refused here.
    public var refused: Int { refusals.values.reduce(0, +) }

    /// Calls that ended.
    public var ended: Int { made + rejected + cancelled + refused }

    mutating func noteRefusal(_ reason: CreateRefusal.Reason) {
        refusals[reason, default: 0] += 1
    }
}
