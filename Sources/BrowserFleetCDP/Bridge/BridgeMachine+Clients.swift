// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

// How clients come and go.
extension BridgeMachine {
    mutating func openPipe(into actions: inout [Action]) {
        guard !isPipeOpen else { return }
        isPipeOpen = true
        // Tells which pages there are and who opened them, without attaching to any.
        call(
            "Target.setDiscoverTargets",
            ["discover": true, "filter": [["type": "page"]]], into: &actions)
    }

    /// The pipe is closed: those who wait for a session get none. The driver closes the others,
    /// because it knows why the browser ended.
    mutating func closePipe(into actions: inout [Action]) {
        for place in clients.present {
            if case .attaching = clients.places[place].phase {
                actions.append(.attachFailed(clients.places[place].id, .pipeClosed))
            }
        }
        isPipeOpen = false
        clients = ClientTable()
        sessions = SessionTable()
        pageTable = PageTable()
        holds = []
        ownCalls = [:]
        answeredEarly = []
    }

    mutating func attach(
        _ id: ClientID, root: ClientRoot, isInternal: Bool, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        guard isPipeOpen else { return actions.append(.attachFailed(id, .pipeClosed)) }
        guard clients.find(id) == nil else { return }
        let until = now.advanced(by: configuration.attachTimeout)
        let place = clients.add(
            Client(
                id: id, root: root, isInternal: isInternal, phase: .attaching(until: until),
                lastHeard: now))
        switch root {
        case .browser:
            call("Target.attachToBrowserTarget", nil, as: .attach(place), into: &actions)
        case .target(let target):
            call(
                "Target.attachToTarget", ["targetId": .string(target), "flatten": true],
                as: .attach(place), into: &actions)
        }
    }

    /// The browser answered the attach call of the client at `place`.
    mutating func attachAnswered(
        _ place: Int, _ answer: CallAnswer, _ message: borrowing Span<UInt8>,
        into actions: inout [Action]
    ) {
        let name = answer.result.flatMap { try? JSONValue.parse(message, in: $0) }?["sessionId"]?
            .stringValue
        guard let name, let key = SessionKey(name) else {
            return attachRefused(place, answer, message, into: &actions)
        }
        switch clients.places[place].phase {
        case .attaching: takeRoot(key, name: name, for: place, into: &actions)
        case .leaving: detachRoot(name, of: place, into: &actions)
        case .attached: break
        }
    }

    private mutating func attachRefused(
        _ place: Int, _ answer: CallAnswer, _ message: borrowing Span<UInt8>,
        into actions: inout [Action]
    ) {
        let error = answer.error.flatMap { try? JSONValue.parse(message, in: $0) }
        let words = error?["message"]?.stringValue ?? "The browser gave no usable session name"
        if case .attaching = clients.places[place].phase {
            actions.append(.attachFailed(clients.places[place].id, .refused(words)))
            clients.startLeaving(place)
        }
        clients.finishLeaving(place)
        isDeadlineStale = true
    }

    private mutating func takeRoot(
        _ key: SessionKey, name: String, for place: Int, into actions: inout [Action]
    ) {
        let kind: Session.Kind
        let target: String
        switch clients.places[place].root {
        case .browser: (kind, target) = (.browser, "")
        case .target(let id): (kind, target) = (.page, id)
        }
        let root = sessions.add(
            Session(key: key, client: place, parent: nil, targetID: target, kind: kind))
        clients.places[place].phase = .attached(root: root)
        clients.places[place].rootName = name
        clients.places[place].label = Array(",\"sessionId\":\"\(name)\"".utf8)
        clients.places[place].sessionCount = 1
        actions.append(.attached(clients.places[place].id))
        if kind == .page { touch(target, by: place, into: &actions) }
        isDeadlineStale = true
    }

    mutating func failOverdueAttaches(at now: FleetInstant, into actions: inout [Action]) {
        for place in clients.present {
            guard case .attaching(let until) = clients.places[place].phase, until <= now else {
                continue
            }
            actions.append(.attachFailed(clients.places[place].id, .timedOut))
            clients.startLeaving(place)
        }
    }

    var nextAttachDeadline: FleetInstant? {
        clients.present.compactMap { place in
            guard case .attaching(let until) = clients.places[place].phase else { return nil }
            return until
        }.min()
    }

    /// The client at `place` goes, and what it made goes with it: its sessions and contexts with
    /// its root session, its pages by call.
    mutating func leave(_ place: Int, into actions: inout [Action]) {
        let client = clients.places[place]
        clients.startLeaving(place)
        isDeadlineStale = true
        switch client.phase {
        case .attached:
            dropHolds { sessions, hold in sessions.places[hold.session].client == place }
            detachRoot(client.rootName, of: place, into: &actions)
            closePages(of: client.id, into: &actions)
        case .attaching, .leaving:
            break
        }
    }

    private mutating func detachRoot(_ name: String, of place: Int, into actions: inout [Action]) {
        call(
            "Target.detachFromTarget", ["sessionId": .string(name)], as: .detach(place),
            into: &actions)
    }

    /// The browser has taken the root session of the client at `place` away, at our call. What was
    /// on its way is through now, so nothing can come for it any more.
    mutating func detachAnswered(_ place: Int, into actions: inout [Action]) {
        if let key = SessionKey(clients.places[place].rootName), let root = sessions.find(key) {
            end(root, wasNews: false, into: &actions)
        }
        closePages(of: clients.places[place].id, into: &actions)
        clients.finishLeaving(place)
    }

    /// The browser has ended the root session of the client at `place` by itself.
    mutating func rootEnded(_ root: Int, into actions: inout [Action]) {
        let place = sessions.places[root].client
        let client = clients.places[place]
        // While it leaves, the answer to our own call is what counts.
        guard case .attached = client.phase else { return }
        end(root, into: &actions)
        let reason: ClientCloseReason =
            switch client.root {
            case .browser: .browserCrashed
            case .target: .targetClosed
            }
        actions.append(.closeClient(client.id, reason))
        clients.startLeaving(place)
        closePages(of: client.id, into: &actions)
        clients.finishLeaving(place)
        isDeadlineStale = true
    }

    /// Ends the connection of the client at `place` for something it did or did not do.
    mutating func close(
        _ place: Int, _ reason: ClientCloseReason, into actions: inout [Action]
    ) {
        actions.append(.closeClient(clients.places[place].id, reason))
        leave(place, into: &actions)
    }

    private mutating func closePages(of client: ClientID, into actions: inout [Action]) {
        for page in pageTable.made(by: client) { closePage(page, into: &actions) }
    }

    /// Calls `method` on the true root, and remembers for what if its answer matters.
    mutating func call(
        _ method: String, _ params: JSONValue?, as own: OwnCall? = nil,
        into actions: inout [Action]
    ) {
        let id = ownID()
        ownCalls[id] = own
        actions.append(.command(CallMessage.encode(id: id, method: method, params: params)))
    }
}
