// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Decides whose name is looked up next, over all relays of a process.
///
/// A look-up holds a thread until the resolver lets go of it, which nobody can hasten. So that no
/// browser can stop another with names that are never answered, every relay may always have one
/// running. More come from a share for all, of which a relay gets no more than it leaves, in turns.
struct LookupTurns: Equatable, Sendable {
    /// One look-up of one relay.
    struct Ticket: Hashable, Sendable {
        let relay: UInt64
        let number: UInt64
    }

    enum Event: Equatable, Sendable {
        /// A relay wants a name looked up.
        case asked(Ticket)
        /// Nobody waits for it any more. It may have ended already.
        case abandoned(Ticket)
        /// The resolver has let go of it.
        case finished(Ticket)
    }

    enum Action: Equatable, Sendable {
        /// To be given to the resolver; `finished` follows.
        case start(Ticket)
        /// Too many of its relay wait already; nothing follows.
        case refuse(Ticket)
    }

    /// How many at once.
    struct Bounds: Hashable, Sendable {
        /// Look-ups that run beyond the first one of each relay, over all relays.
        var shared = 24
        /// Look-ups of one relay that run.
        var running = 8
        /// Look-ups of one relay that wait.
        var waiting = 64
    }

    let bounds: Bounds
    private var running: [UInt64: Set<Ticket>] = [:]
    /// How many of the shared ones are taken.
    private var sharedCount = 0
    private var waiting: [UInt64: [Ticket]] = [:]
    /// Relays with waiting look-ups, whose turn comes first in front.
    private var turns: [UInt64] = []

    init(bounds: Bounds) {
        self.bounds = bounds
    }

    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .asked(let ticket):
            guard waiting[ticket.relay, default: []].count < bounds.waiting else {
                return [.refuse(ticket)]
            }
            waiting[ticket.relay, default: []].append(ticket)
            if !turns.contains(ticket.relay) { turns.append(ticket.relay) }
        case .abandoned(let ticket):
            waiting[ticket.relay]?.removeAll { $0 == ticket }
            forget(ticket.relay)
        case .finished(let ticket):
            guard running[ticket.relay]?.remove(ticket) != nil else { return [] }
            if running[ticket.relay]?.isEmpty == false { sharedCount -= 1 }
            forget(ticket.relay)
        }
        return start()
    }

    private mutating func start() -> [Action] {
        var actions: [Action] = []
        while let index = turns.firstIndex(where: mayStart) {
            let relay = turns.remove(at: index)
            guard let ticket = waiting[relay]?.removeFirst() else { continue }
            if running[relay] != nil { sharedCount += 1 }
            running[relay, default: []].insert(ticket)
            if waiting[relay]?.isEmpty == false { turns.append(relay) }
            forget(relay)
            actions.append(.start(ticket))
        }
        return actions
    }

    private func mayStart(_ relay: UInt64) -> Bool {
        guard let own = running[relay]?.count else { return true }
        return own < bounds.running && own <= bounds.shared - sharedCount
    }

    /// Keeps nothing of a relay that wants nothing.
    private mutating func forget(_ relay: UInt64) {
        if waiting[relay]?.isEmpty == true {
            waiting[relay] = nil
            turns.removeAll { $0 == relay }
        }
        if running[relay]?.isEmpty == true { running[relay] = nil }
    }
}
