// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension World {
    /// One caller, at times a crowd, and the next.
    mutating func arrival() {
        guard isLively else { return }
        let crowd = callerDice.chance(scenario.crowds) ? callerDice.number(5...20) : 1
        for _ in 0..<crowd where isUp { call() }
        let gap = callerDice.milliseconds(0...scenario.arrivalGap)
        agenda.add(.arrival, at: now.advanced(by: gap))
    }

    private mutating func call() {
        requests += 1
        let id = RequestID(requests)
        let owner = callerDice.pick(["ann", "ann", "bob", "eve"])
        let request = PoolRequest(
            id: id, owner: owner,
            priority: callerDice.pick([.normal, .normal, .normal, .low, .high]),
            weight: owner == "bob" ? 2 : 1,
            queueTimeout: callerDice.chance(300) ? callerDice.milliseconds(0...20000) : nil,
            properties: properties(), terms: terms())
        inbox.append(.requested(request))
        if callerDice.chance(scenario.vanish) {
            faults += 1
            agenda.add(.leaves(id), at: now.advanced(by: callerDice.milliseconds(0...3000)))
        }
    }

    private mutating func properties() -> LaunchProperties {
        guard callerDice.chance(200) else { return .headless }
        return callerDice.pick([
            .headful, LaunchProperties(locale: "de-DE"),
            LaunchProperties(arguments: ["--never-starts"]),
        ])
    }

    private mutating func terms() -> LeaseTerms {
        LeaseTerms(
            endsOnDisconnect: callerDice.chance(400),
            keepAlive: callerDice.chance(200) ? callerDice.milliseconds(0...10000) : nil,
            idleTimeout: callerDice.chance(200) ? callerDice.milliseconds(500...30000) : nil,
            maxLifetime: callerDice.chance(200) ? callerDice.milliseconds(500...90000) : nil)
    }

    /// A caller hears of its browser and comes, mostly.
    mutating func hear(_ request: RequestID, _ grant: Grant) throws(Violation) {
        try mint()
        activity[grant.lease] = (now, 0)
        // After the faults everybody gives back at once, for others wait.
        guard isLively else { return inbox.append(.finish(grant.lease, .deleted)) }
        guard clientDice.chance(900) else { return }
        let wait = clientDice.milliseconds(clientDice.chance(50) ? 1000...7000 : 1...300)
        agenda.add(.clientComes(grant.lease), at: now.advanced(by: wait))
    }

    mutating func clientComes(_ lease: LeaseID) {
        guard activity[lease] != nil else { return }
        if clientDice.chance(50) { return inbox.append(.used(lease)) }
        connections += 1
        let connection = ConnectionID(connections)
        inbox.append(.connected(lease, connection))
        agenda.add(
            .clientMoves(lease), at: now.advanced(by: clientDice.milliseconds(10...2000)))
        let stays = clientDice.milliseconds(clientDice.chance(100) ? 20000...60000 : 10...9000)
        agenda.add(.clientGoes(lease, connection), at: now.advanced(by: stays))
        if clientDice.chance(150) {
            let another = clientDice.milliseconds(0...4000)
            agenda.add(.clientComes(lease), at: now.advanced(by: another))
        }
    }

    /// Traffic, or somebody who begins or stops to watch. The pool hears of neither.
    mutating func clientMoves(_ lease: LeaseID) {
        guard let before = activity[lease] else { return }
        let viewers = clientDice.chance(100) ? 1 - before.viewers : before.viewers
        activity[lease] = (now, viewers)
        model.moved(lease, viewers: viewers, at: now)
        guard clientDice.chance(isLively ? 850 : 300) else { return stopMoving(lease) }
        agenda.add(
            .clientMoves(lease), at: now.advanced(by: clientDice.milliseconds(10...4000)))
    }

    private mutating func stopMoving(_ lease: LeaseID) {
        activity[lease] = (now, 0)
        model.moved(lease, viewers: 0, at: now)
    }

    /// A client leaves, comes back, or ends its lease one way or the other.
    mutating func clientGoes(_ lease: LeaseID, _ connection: ConnectionID) {
        guard activity[lease] != nil else { return }
        switch clientDice.number(0...9) {
        case 0...3: inbox.append(.finish(lease, .deleted))
        case 4: inbox.append(.finish(lease, .clientClosed))
        case 5...6:
            inbox.append(.disconnected(lease, connection))
            let back = clientDice.milliseconds(1...5000)
            agenda.add(.clientComes(lease), at: now.advanced(by: back))
        default: inbox.append(.disconnected(lease, connection))
        }
    }

    mutating func answerProbe(_ lease: LeaseID) {
        guard let state = activity[lease] else { return }
        inbox.append(.activity(lease, last: state.last, viewers: state.viewers))
    }
}
