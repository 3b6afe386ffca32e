// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

// Messages of the true root, which is the bridge's own, and those with an unusual shape.
extension BridgeMachine {
    /// Takes a message without the usual tail or head.
    mutating func receiveUnlabelled(
        _ message: borrowing Span<UInt8>, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard let answer = CallAnswer.parse(message) else { return }
        if let name = answer.sessionID {
            return reshape(message, name, at: now, into: &actions)
        }
        if let id = answer.id {
            return takeOwnAnswer(id, answer, message, into: &actions)
        }
        guard let event = answer.method.flatMap(KnownEvent.init(rawValue:)),
            let params = answer.params.flatMap({ try? JSONValue.parse(message, in: $0) })
        else { return }
        takeRootEvent(event, params, into: &actions)
    }

    /// A message for a session, but not in the shape that Chromium has given messages so far: it
    /// is brought into that shape and taken again. Slow, and correct.
    private mutating func reshape(
        _ message: borrowing Span<UInt8>, _ name: String, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        guard let key = SessionKey(name), let place = sessions.find(key),
            let members = (try? JSONValue.parse(message))?.objectValue
        else { return }
        let bytes = Self.usualShape(members, sessionID: name)
        guard BrowserEnvelope.session(bytes.span) == key,
            BrowserEnvelope.kind(bytes.span) != .other
        else { return }
        var inner: [Action] = []
        receive(bytes.span, from: place, at: now, into: &inner)
        for action in inner {
            guard case .toClient(let client, let edit) = action else {
                actions.append(action)
                continue
            }
            actions.append(.reply(client, edit.applied(to: bytes)))
        }
    }

    private static func usualShape(_ members: [JSONValue.Member], sessionID: String) -> [UInt8] {
        let first = members.filter { $0.name == "id" || $0.name == "method" }
        let middle = members.filter { !["id", "method", "sessionId"].contains($0.name) }
        let last = [JSONValue.Member("sessionId", .string(sessionID))]
        return JSONValue.object(first + middle + last).encoded()
    }

    private mutating func takeOwnAnswer(
        _ id: Int32, _ answer: CallAnswer, _ message: borrowing Span<UInt8>,
        into actions: inout [Action]
    ) {
        guard CallID.isOwn(id) else {
            if answer.error != nil { findClient(of: id, message, into: &actions) }
            return
        }
        switch ownCalls.removeValue(forKey: id) {
        case .attach(let place): attachAnswered(place, answer, message, into: &actions)
        case .detach(let place): detachAnswered(place, into: &actions)
        case nil: break
        }
    }

    /// An error without a session: the call `id` was for a session that Chromium does not have.
    /// Mostly its end has been told before and the call is answered; else it goes to whoever waits
    /// for it, if that is certain. A session that has spoken by its name is not the one.
    private mutating func findClient(
        of id: Int32, _ message: borrowing Span<UInt8>, into actions: inout [Action]
    ) {
        if let index = answeredEarly.firstIndex(of: id) {
            answeredEarly.remove(at: index)
            return
        }
        let waiting = sessions.inUse.filter { place in
            let session = sessions.places[place]
            return !session.isProven && session.parent != nil && session.pending.contains(id)
        }
        guard waiting.count == 1, let place = waiting.first else { return }
        let client = sessions.places[place].client
        sessions.places[place].pending.remove(id)
        sessions.places[place].creating.removeAll { $0 == id }
        clients.places[client].pendingCount -= 1
        guard isAttached(client) else { return }
        actions.append(.toClient(clients.places[client].id, .none))
    }

    private mutating func takeRootEvent(
        _ event: KnownEvent, _ params: JSONValue, into actions: inout [Action]
    ) {
        let info = params["targetInfo"]
        switch event {
        case .detachedFromTarget:
            guard let key = params["sessionId"]?.stringValue.flatMap(SessionKey.init(_:)),
                let place = sessions.find(key), sessions.places[place].parent == nil
            else { return }
            rootEnded(place, into: &actions)
        case .targetCreated:
            guard let info else { return }
            pageAppeared(info, into: &actions)
        case .targetInfoChanged:
            guard let page = info?["targetId"]?.stringValue, info?["type"] == "page",
                let address = info?["url"]?.stringValue, pageTable.moved(page, to: address)
            else { return }
            touch(page, into: &actions)
        case .targetDestroyed:
            guard let page = params["targetId"]?.stringValue, pageTable.vanished(page) else {
                return
            }
            actions.append(.pageGone(targetID: page))
        case .attachedToTarget, .requestPaused, .authRequired:
            break
        }
    }
}
