// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

// What becomes of the browser's message.
extension BridgeMachine {
    /// Takes a message that is labelled with the session at `place`.
    mutating func receive(
        _ message: borrowing Span<UInt8>, from place: Int, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        sessions.places[place].isProven = true
        switch BrowserEnvelope.kind(message) {
        case .answer(let id):
            takeAnswer(id, message, from: place, into: &actions)
        case .event(let name):
            takeEvent(KnownEvent.find(message, in: name), message, from: place, at: now, &actions)
        case .other:
            receiveUnlabelled(message, at: now, into: &actions)
        }
    }

    private mutating func takeAnswer(
        _ id: Int32, _ message: borrowing Span<UInt8>, from place: Int,
        into actions: inout [Action]
    ) {
        // Nobody waits for the answers to what the bridge says in a client's session.
        guard !CallID.isOwn(id) else { return }
        if sessions.places[place].pending.remove(id) != nil {
            clients.places[sessions.places[place].client].pendingCount -= 1
        }
        if let index = sessions.places[place].creating.firstIndex(of: id) {
            sessions.places[place].creating.remove(at: index)
            pageMade(message, from: place, into: &actions)
        }
        forward(message.count, from: place, into: &actions)
    }

    private mutating func takeEvent(
        _ event: KnownEvent?, _ message: borrowing Span<UInt8>, from place: Int,
        at now: FleetInstant, _ actions: inout [Action]
    ) {
        switch event {
        case .attachedToTarget:
            guard learnSession(message, from: place, at: now, into: &actions) else { return }
            forward(message.count, from: place, into: &actions)
        case .detachedFromTarget:
            forward(message.count, from: place, into: &actions)
            sessionEnded(message, from: place, into: &actions)
        case .requestPaused, .authRequired:
            forward(message.count, from: place, into: &actions)
            guard isAttached(sessions.places[place].client) else { return }
            requestPaused(
                by: place, message, isAuth: event == .authRequired, at: now, into: &actions)
        case .targetCreated, .targetInfoChanged, .targetDestroyed, nil:
            forward(message.count, from: place, into: &actions)
        }
    }

    func isAttached(_ client: Int) -> Bool {
        switch clients.places[client].phase {
        case .attached: true
        case .attaching, .leaving: false
        }
    }

    /// Sends the message in hand, of `count` bytes, to the client of the session at `place`.
    @inline(__always)
    private func forward(_ count: Int, from place: Int, into actions: inout [Action]) {
        let client = sessions.places[place].client
        guard case .attached(let root) = clients.places[client].phase else { return }
        let id = clients.places[client].id
        guard place == root else { return actions.append(.toClient(id, .none)) }
        let tail = count - 1 - BrowserEnvelope.tailLength
        actions.append(
            .toClient(id, Edit(removing: tail..<count - 1, inserting: [])))
    }

    /// Takes `Target.attachedToTarget`. False if the client has too many sessions already, and the
    /// new one goes again.
    private mutating func learnSession(
        _ message: borrowing Span<UInt8>, from parent: Int, at now: FleetInstant,
        into actions: inout [Action]
    ) -> Bool {
        let client = sessions.places[parent].client
        guard isAttached(client), let params = (try? JSONValue.parse(message))?["params"],
            let name = params["sessionId"]?.stringValue, let key = SessionKey(name),
            sessions.find(key) == nil
        else { return true }
        guard clients.places[client].sessionCount < configuration.maximumSessions else {
            let detach = CallMessage.encode(
                id: ownID(), method: "Target.detachFromTarget",
                params: ["sessionId": .string(name)],
                sessionID: sessions.places[parent].key.name)
            actions.append(.command(detach))
            return false
        }
        let info = params["targetInfo"]
        let session = Session(
            key: key, client: client, parent: parent,
            targetID: info?["targetId"]?.stringValue ?? "",
            kind: Session.Kind(info?["type"]?.stringValue))
        clients.places[client].sessionCount += 1
        let place = sessions.add(session)
        // A task of ours looks at a page now, which may wait.
        if clients.places[client].isInternal { isDeadlineStale = true }
        if session.kind == .page { touch(session.targetID, by: client, into: &actions) }
        if params["waitingForDebugger"]?.boolValue == true {
            hold(Hold(session: place, kind: .child, since: now), into: &actions)
        }
        return true
    }

    /// Takes `Target.detachedFromTarget` of a session at `parent`.
    private mutating func sessionEnded(
        _ message: borrowing Span<UInt8>, from parent: Int, into actions: inout [Action]
    ) {
        guard let range = JSONText.stringRange(in: message, path: ["params", "sessionId"]),
            range.count == SessionKey.length, let key = SessionKey(message, at: range.lowerBound),
            let place = sessions.find(key), sessions.places[place].parent == parent
        else { return }
        end(place, into: &actions)
    }

    /// Removes the session at `place` with all below it, and answers the calls that never will be.
    /// When the end was news to us, calls may have been on their way to a session that was gone;
    /// what Chromium says to those is expected, even after their client has left.
    mutating func end(_ place: Int, wasNews: Bool = true, into actions: inout [Action]) {
        let client = sessions.places[place].client
        let isAttached = isAttached(client)
        dropHolds { sessions, hold in sessions.isWithin(hold.session, place) }
        for (_, session) in sessions.end(place) {
            clients.places[client].sessionCount -= 1
            clients.places[client].pendingCount -= session.pending.count
            for id in session.pending.sorted() {
                if wasNews { answeredEarly.append(id) }
                guard isAttached else { continue }
                let name = session.parent == nil ? nil : session.key.name
                let answer = CallMessage.failure(id: id, .noSuchSession, sessionID: name)
                actions.append(.reply(clients.places[client].id, answer))
            }
        }
        let surplus = answeredEarly.count - configuration.maximumPendingCalls
        if surplus > 0 { answeredEarly.removeFirst(surplus) }
    }
}
