// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

// What becomes of a client's message.
extension BridgeMachine {
    mutating func receive(
        from client: Int, root: Int, _ message: borrowing Span<UInt8>, into actions: inout [Action]
    ) {
        guard let envelope = ClientEnvelope.scan(message) else {
            return close(client, .protocolError, into: &actions)
        }
        if let error = envelope.error {
            return refuse(envelope.id, error, from: client, sessionID: nil, into: &actions)
        }
        guard let id = envelope.id, let name = envelope.method else { return }
        guard let session = owned(envelope.session, by: client, root: root) else {
            return refuse(id, .noSuchSession, from: client, sessionID: nil, into: &actions)
        }
        let call = Call(client: client, session: session, isRoot: session == root, id: id)
        guard clients.places[client].pendingCount < configuration.maximumPendingCalls else {
            return refuse(call, .tooManyCalls, into: &actions)
        }
        if let method = KnownMethod.find(message, in: name) {
            let params = envelope.params.flatMap { try? JSONValue.parse(message, in: $0) }
            take(call, method, params, envelope, into: &actions)
        } else {
            pass(call, envelope, into: &actions)
        }
    }

    /// A call that is whole and for a session of its client.
    struct Call {
        let client: Int
        let session: Int
        let isRoot: Bool
        let id: Int32
    }

    /// The place of the session a message is for; nil if the client has no such session. It does
    /// not know the name of its root and cannot use it.
    @inline(__always)
    private func owned(_ name: ClientEnvelope.Session, by client: Int, root: Int) -> Int? {
        switch name {
        case .root: return root
        case .unknown: return nil
        case .named(let key):
            guard let place = sessions.find(key), place != root,
                sessions.places[place].client == client
            else { return nil }
            return place
        }
    }

    private mutating func take(
        _ call: Call, _ method: KnownMethod, _ params: JSONValue?, _ envelope: ClientEnvelope,
        into actions: inout [Action]
    ) {
        let isInternal = clients.places[call.client].isInternal
        let verdict = MethodVerdict.judge(
            method, params: params, isInternal: isInternal, pageSize: pageSize, pages: pageTable)
        switch verdict {
        case .refuse(let error): refuse(call, error, into: &actions)
        case .rewrite(let params):
            follow(call, method, params, into: &actions)
            expectAnswer(call)
            let name = sessions.places[call.session].key.name
            actions.append(
                .command(
                    CallMessage.encode(
                        id: call.id, method: method.rawValue, params: params, sessionID: name)))
        case .pass:
            if method == .closeBrowser { return closeBrowser(call, into: &actions) }
            follow(call, method, params, into: &actions)
            pass(call, envelope, into: &actions)
        }
    }

    /// Notes what a call that goes to the browser will change.
    private mutating func follow(
        _ call: Call, _ method: KnownMethod, _ params: JSONValue?, into actions: inout [Action]
    ) {
        switch method {
        case .createTarget:
            sessions.places[call.session].creating.append(call.id)
        case .runIfWaitingForDebugger:
            dropHolds { _, hold in hold.session == call.session && hold.kind == .child }
        case .disableFetch:
            dropHolds { _, hold in hold.session == call.session && hold.kind != .child }
        case .continueRequest, .continueResponse, .continueWithAuth, .failRequest, .fulfillRequest:
            guard let request = params?["requestId"]?.stringValue else { return }
            dropHolds { _, hold in
                hold.session == call.session && hold.kind.requestID == request
            }
        case .navigate, .reload, .navigateToHistoryEntry:
            guard sessions.places[call.session].kind == .page else { return }
            touch(sessions.places[call.session].targetID, by: call.client, into: &actions)
        case .autoAttachRelated, .closeBrowser, .createBrowserContext, .enablePage,
            .exposeDevToolsProtocol, .getWindowForTarget, .sendMessageToTarget, .setAutoAttach:
            break
        }
    }

    @inline(__always)
    private mutating func pass(
        _ call: Call, _ envelope: ClientEnvelope, into actions: inout [Action]
    ) {
        expectAnswer(call)
        guard call.isRoot else { return actions.append(.toBrowser(.none)) }
        let end = envelope.closingBrace
        actions.append(
            .toBrowser(
                Edit(removing: end..<end, inserting: clients.places[call.client].label)))
    }

    @inline(__always)
    private mutating func expectAnswer(_ call: Call) {
        if sessions.places[call.session].pending.insert(call.id).inserted {
            clients.places[call.client].pendingCount += 1
        }
    }

    /// `Browser.close` never gets to the browser: its end is the lease's, in the pool's order.
    private func closeBrowser(_ call: Call, into actions: inout [Action]) {
        let client = clients.places[call.client].id
        actions.append(
            .reply(client, CallMessage.success(id: call.id, sessionID: visibleName(call))))
        actions.append(.browserClosing(by: client))
    }

    private func refuse(_ call: Call, _ error: CallError, into actions: inout [Action]) {
        refuse(call.id, error, from: call.client, sessionID: visibleName(call), into: &actions)
    }

    private func refuse(
        _ id: Int32?, _ error: CallError, from client: Int, sessionID: String?,
        into actions: inout [Action]
    ) {
        let answer = CallMessage.failure(id: id, error, sessionID: sessionID)
        actions.append(.reply(clients.places[client].id, answer))
    }

    /// The session name that an answer to `call` must carry; none for the client's root.
    private func visibleName(_ call: Call) -> String? {
        call.isRoot ? nil : sessions.places[call.session].key.name
    }
}
