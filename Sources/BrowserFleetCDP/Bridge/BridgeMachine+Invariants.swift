// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension SessionTable {
    /// Whether the session at `place` is the one at `ancestor` or was attached below it.
    func isWithin(_ place: Int, _ ancestor: Int) -> Bool {
        var next: Int? = place
        while let place = next {
            if place == ancestor { return true }
            next = places[place].parent
        }
        return false
    }
}

extension BridgeMachine {
    /// Stops the program if the tables disagree with each other. For tests and the simulator; its
    /// time grows with all there is.
    public func checkInvariants() {
        clients.checkInvariants()
        sessions.checkInvariants()
        checkCounts()
        for place in clients.present {
            guard case .attached(let root) = clients.places[place].phase else { continue }
            precondition(sessions.inUse.contains(root), "an attached client has no root session")
            precondition(sessions.places[root].client == place, "a root is another client's")
            precondition(sessions.places[root].parent == nil, "a root is somebody's child")
        }
        let inUse = Set(sessions.inUse)
        for hold in holds {
            precondition(inUse.contains(hold.session), "a hold outlived its session")
            precondition(isAttached(sessions.places[hold.session].client), "a leaver holds")
        }
        precondition(holds.count <= configuration.maximumHolds, "too many holds")
        precondition(ownCalls.count <= 2 * clients.places.count, "calls of our own pile up")
    }

    private func checkCounts() {
        var pending: [Int: Int] = [:]
        var owned: [Int: Int] = [:]
        for place in sessions.inUse {
            let session = sessions.places[place]
            pending[session.client, default: 0] += session.pending.count
            owned[session.client, default: 0] += 1
        }
        for place in clients.present {
            let client = clients.places[place]
            precondition(client.pendingCount == pending[place, default: 0], "pending miscounted")
            precondition(client.sessionCount == owned[place, default: 0], "sessions miscounted")
            precondition(
                client.pendingCount <= configuration.maximumPendingCalls, "too many pending calls")
            precondition(
                client.sessionCount <= configuration.maximumSessions, "too many sessions")
        }
    }
}

extension BridgeMachine {
    /// How many entries the tables have room for in all, for tests that nothing is left behind.
    package var entryCount: Int {
        clients.places.count + sessions.places.count + sessions.count + pageTable.count
            + holds.count + ownCalls.count + answeredEarly.count
    }
}
