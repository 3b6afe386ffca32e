// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// When one lease ends by itself: nobody came, the last client left, nothing moves, too old.
///
/// Traffic is not reported to the pool message by message; when the idle time has passed the clock
/// asks for a probe, and the answer either moves the deadline on or ends the lease.
struct LeaseClock: Equatable, Sendable {
    /// Who is there. Legal changes:
    ///
    /// - `awaited` -> `here`, `away` (used without a connection)
    /// - `here` -> `away`
    /// - `away` -> `here`
    enum Presence: Equatable, Sendable {
        /// Nobody has come yet; the lease ends then if nobody does.
        case awaited(until: FleetInstant)
        /// At least one connection.
        case here
        /// No connection; the lease ends then, or not for that reason.
        case away(until: FleetInstant?)
    }

    /// What a passed deadline asks for.
    enum Verdict: Equatable, Sendable {
        /// End the lease.
        case end(EndReason)
        /// Ask when the lease was last active.
        case probe
    }

    /// When the lease ends at the latest.
    let expiresAt: FleetInstant
    private let idleTimeout: Duration
    /// How long the lease outlives its last client; `nil` if that does not end it.
    private let grace: Duration?
    private(set) var presence: Presence
    private(set) var connections: [ConnectionID] = []
    private var idleAt: FleetInstant

    /// Starts the clock at the grant. `lifetime` has its jitter already.
    init(
        terms: LeaseTerms, configuration: PoolConfiguration, lifetime: Duration,
        at now: FleetInstant
    ) {
        expiresAt = now.advanced(by: lifetime)
        idleTimeout = configuration.idleTimeout.resolve(terms.idleTimeout)
        grace =
            terms.endsOnDisconnect
            ? configuration.disconnectGrace.resolve(terms.keepAlive) : nil
        let connectTimeout = configuration.connectTimeout.resolve(terms.connectTimeout)
        presence = .awaited(until: now.advanced(by: connectTimeout))
        idleAt = now.advanced(by: idleTimeout)
    }

    /// The next instant at which ``due(at:)`` may have something to say.
    var nextDeadline: FleetInstant {
        switch presence {
        case .awaited(let until): min(expiresAt, until)
        case .here, .away(nil): min(expiresAt, idleAt)
        case .away(let until?): min(expiresAt, idleAt, until)
        }
    }

    /// A client came. Returns false if it was known.
    mutating func connected(_ connection: ConnectionID, at now: FleetInstant) -> Bool {
        guard !connections.contains(connection) else { return false }
        connections.append(connection)
        presence = .here
        moved(at: now)
        return true
    }

    /// A client left. Returns false if it was not known.
    mutating func disconnected(_ connection: ConnectionID, at now: FleetInstant) -> Bool {
        guard let index = connections.firstIndex(of: connection) else { return false }
        connections.remove(at: index)
        if connections.isEmpty { presence = .away(until: grace.map(now.advanced(by:))) }
        return true
    }

    /// The browser was used without a connection.
    mutating func used(at now: FleetInstant) {
        switch presence {
        case .awaited where grace == nil: presence = .away(until: nil)
        case .awaited, .here, .away: break
        }
        moved(at: now)
    }

    /// Traffic last passed at `last`, and `viewers` people watch now. Instants that have not come
    /// yet count as now.
    mutating func active(last: FleetInstant?, viewers: Int, at now: FleetInstant) {
        if viewers > 0 { return moved(at: now) }
        if let last { moved(at: min(last, now)) }
    }

    /// What is due. Of several deadlines that passed unseen the earliest gives the reason; the
    /// idle deadline only ever asks.
    func due(at now: FleetInstant) -> Verdict? {
        if hardDeadline.instant <= now { return .end(hardDeadline.reason) }
        switch presence {
        case .awaited: return nil
        case .here, .away: return idleAt <= now ? .probe : nil
        }
    }

    /// The next deadline once a probe is under way: a probe that is never answered is sent again
    /// after another idle time, at least a second.
    func deadlineAfterProbe(at now: FleetInstant) -> FleetInstant {
        let again = now.advanced(by: max(.seconds(1), idleTimeout))
        return min(again, hardDeadline.instant)
    }

    /// Whether nothing moved for the idle time; asked after a probe was answered.
    func isIdle(at now: FleetInstant) -> Bool {
        switch presence {
        case .awaited: false
        case .here, .away: idleAt <= now
        }
    }

    private var hardDeadline: (instant: FleetInstant, reason: EndReason) {
        switch presence {
        case .awaited(let until) where until < expiresAt: (until, .neverConnected)
        case .away(let until?) where until < expiresAt: (until, .disconnected)
        case .awaited, .here, .away: (expiresAt, .lifetime)
        }
    }

    private mutating func moved(at instant: FleetInstant) {
        idleAt = max(idleAt, instant.advanced(by: idleTimeout))
    }
}
