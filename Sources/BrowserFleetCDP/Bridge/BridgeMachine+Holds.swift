// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

// What keeps one client from freezing the others.
extension BridgeMachine {
    /// The client at `place` sent something.
    @inline(__always)
    mutating func hear(_ place: Int, at now: FleetInstant) {
        clients.places[place].lastHeard = now
        if clients.places[place].isUnresponsive {
            clients.places[place].isUnresponsive = false
            isDeadlineStale = true
        }
    }

    mutating func queueChanged(
        _ id: ClientID, _ level: QueueLevel, into actions: inout [Action]
    ) {
        guard let place = clients.find(id) else { return }
        switch level {
        case .low, .half: clients.places[place].queue = level
        case .full: close(place, .readerTooSlow, into: &actions)
        }
    }

    mutating func hold(_ hold: Hold, into actions: inout [Action]) {
        isDeadlineStale = true
        holds.append(hold)
        guard holds.count > configuration.maximumHolds else { return }
        let oldest = holds.removeFirst()
        if keepsOthersWaiting(oldest) { release(oldest, into: &actions) }
    }

    /// Forgets what is held and fulfils `condition`: its client let go of it, or is gone.
    mutating func dropHolds(where condition: (SessionTable, Hold) -> Bool) {
        guard !holds.isEmpty else { return }
        holds.removeAll { condition(sessions, $0) }
        isDeadlineStale = true
    }

    /// When the bridge lets go of `hold` in its client's place; nil while nobody else is there to
    /// be kept waiting. A client that does not keep up gets no time at all.
    private func due(_ hold: Hold) -> FleetInstant? {
        guard keepsOthersWaiting(hold) else { return nil }
        let client = clients.places[sessions.places[hold.session].client]
        let isBehind = client.queue != .low || client.isUnresponsive
        return isBehind ? hold.since : hold.since.advanced(by: configuration.holdLimit)
    }

    /// Whether there is anybody but its client whom `hold` concerns: another client from outside, or
    /// a task of ours. A client that is alone with its browser may pause its own pages as long as it
    /// likes.
    private func keepsOthersWaiting(_ hold: Hold) -> Bool {
        let client = sessions.places[hold.session].client
        let isOutside = !clients.places[client].isInternal
        if clients.outsideCount > (isOutside ? 1 : 0) { return true }
        return keepsOursWaiting(hold)
    }

    /// Whether `hold` concerns a page that a task of ours made, or looks at before its first
    /// statement. Chromium does not say to which page an inner frame belongs; such a frame may be of
    /// ours while there is a page of ours.
    private func keepsOursWaiting(_ hold: Hold) -> Bool {
        guard let page = page(of: hold.session) ?? hold.frame, pageTable.has(page) else {
            return pageTable.hasInternal
        }
        if pageTable.maker(of: page)?.isInternal == true { return true }
        return hold.kind == .child && isLookedAtByOurs(page)
    }

    private func isLookedAtByOurs(_ page: String) -> Bool {
        sessions.inUse.contains { place in
            let session = sessions.places[place]
            return session.targetID == page && clients.places[session.client].isInternal
        }
    }

    mutating func releaseDueHolds(at now: FleetInstant, into actions: inout [Action]) {
        guard !holds.isEmpty else { return }
        var kept: [Hold] = []
        for hold in holds {
            guard let due = due(hold), due <= now else {
                kept.append(hold)
                continue
            }
            let client = sessions.places[hold.session].client
            if clients.places[client].lastHeard <= hold.since {
                clients.places[client].isUnresponsive = true
            }
            release(hold, into: &actions)
        }
        holds = kept
        isDeadlineStale = true
    }

    private mutating func release(_ hold: Hold, into actions: inout [Action]) {
        let name = sessions.places[hold.session].key.name
        actions.append(.command(hold.release(id: ownID(), sessionID: name)))
    }

    var nextHoldDeadline: FleetInstant? {
        holds.compactMap(due).min()
    }

    /// A request is paused by the session at `place`. It matters to others when the session is the
    /// browser's, or belongs to a page that another client made.
    mutating func requestPaused(
        by place: Int, _ message: borrowing Span<UInt8>, isAuth: Bool, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        guard holdsOthers(place),
            let range = JSONText.stringRange(in: message, path: ["params", "requestId"])
        else { return }
        let request = JSONReader.string(message, in: range)
        let kind: Hold.Kind = isAuth ? .credentials(request) : .request(request)
        let frame = JSONText.stringRange(in: message, path: ["params", "frameId"])
            .map { JSONReader.string(message, in: $0) }
        hold(Hold(session: place, kind: kind, since: now, frame: frame), into: &actions)
    }

    private func holdsOthers(_ place: Int) -> Bool {
        guard let page = page(of: place) else { return true }
        guard let maker = pageTable.maker(of: page) else { return false }
        return maker.client != clients.places[sessions.places[place].client].id
    }

    /// The page that the session at `place` is attached to or was attached through; nil if that is
    /// the browser.
    private func page(of place: Int) -> String? {
        var next: Int? = place
        while let place = next {
            let session = sessions.places[place]
            switch session.kind {
            case .browser: return nil
            case .page: return session.targetID
            case .other: next = session.parent
            }
        }
        return nil
    }
}
