// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP

/// As much of Chromium as the bridge has to do with: sessions that form trees, pages that close
/// under them, calls that stay in flight, errors that name no session.
struct ModelBrowser {
    private struct OpenSession {
        let parent: String?
        let page: String?
    }

    private struct InFlight {
        let id: Int
        let session: String
    }

    private var sessions: [String: OpenSession] = [:]
    private var order: [String] = []
    private var inFlight: [InFlight] = []
    private var nextName = 1000
    private(set) var pages: [String] = ["first"]
    private var outgoing: [JSONValue] = []

    /// The sessions that are open.
    var openSessions: Int { sessions.count }

    /// Takes one message; answers with all it says about it, in order.
    mutating func take(_ message: JSONValue) -> [JSONValue] {
        defer { outgoing = [] }
        let id = message["id"]?.intValue ?? 0
        let session = message["sessionId"]?.stringValue
        if let session, sessions[session] == nil {
            outgoing.append([
                "id": .integer(Int64(id)),
                "error": ["code": -32001, "message": "Session with given id not found."],
            ])
            return outgoing
        }
        let params = message["params"] ?? [:]
        switch message["method"]?.stringValue {
        case "Target.attachToBrowserTarget": attach(id, session, page: nil)
        case "Target.attachToTarget": attach(id, session, page: params["targetId"]?.stringValue)
        case "Target.detachFromTarget":
            if let name = params["sessionId"]?.stringValue { end(name) }
            answer(id, session, [:])
        case "Target.createTarget":
            pages.append(name())
            answer(id, session, ["targetId": .string(pages[pages.count - 1])])
        case "Target.closeTarget":
            if let page = params["targetId"]?.stringValue { close(page) }
            answer(id, session, ["success": true])
        case "Target.setDiscoverTargets": answer(id, session, [:])
        default: inFlight.append(InFlight(id: id, session: session ?? ""))
        }
        return outgoing
    }

    /// Answers one of the calls in flight.
    mutating func answerOne(using generator: inout SeededGenerator) -> [JSONValue] {
        guard !inFlight.isEmpty else { return [] }
        let call = inFlight.remove(at: Int.random(in: 0..<inFlight.count, using: &generator))
        defer { outgoing = [] }
        answer(call.id, call.session, ["for": .string(call.session)])
        return outgoing
    }

    private mutating func attach(_ id: Int, _ parent: String?, page: String?) {
        if let page, !pages.contains(page) {
            return send(["error": ["code": -32602, "message": "No target"]], id: id, parent)
        }
        let session = name()
        sessions[session] = OpenSession(parent: parent, page: page)
        order.append(session)
        let info: JSONValue = [
            "targetId": .string(page ?? "browser"), "type": page == nil ? "browser" : "page",
        ]
        event(
            "Target.attachedToTarget",
            ["sessionId": .string(session), "targetInfo": info, "waitingForDebugger": false], parent
        )
        answer(id, parent, ["sessionId": .string(session)])
    }

    private mutating func close(_ page: String) {
        guard pages.contains(page) else { return }
        pages.removeAll { $0 == page }
        for session in order where sessions[session]?.page == page { end(session) }
        event("Target.targetDestroyed", ["targetId": .string(page)], nil)
    }

    /// Tells of the session's end and not of the ends below it. Calls in flight are lost.
    private mutating func end(_ session: String) {
        guard let ended = sessions.removeValue(forKey: session) else { return }
        event("Target.detachedFromTarget", ["sessionId": .string(session)], ended.parent)
        var gone: Set<String> = [session]
        for child in order {
            guard let parent = sessions[child]?.parent, gone.contains(parent) else { continue }
            sessions[child] = nil
            gone.insert(child)
        }
        order.removeAll { gone.contains($0) }
        inFlight.removeAll { gone.contains($0.session) }
    }

    private mutating func name() -> String {
        nextName += 1
        return BridgeRig.session(nextName)
    }

    private mutating func answer(_ id: Int, _ session: String?, _ result: JSONValue) {
        send(["result": result], id: id, session)
    }

    private mutating func event(_ method: String, _ params: JSONValue, _ session: String?) {
        label([.init("method", .string(method)), .init("params", params)], session)
    }

    private mutating func send(_ body: JSONValue, id: Int, _ session: String?) {
        label([.init("id", .integer(Int64(id)))] + (body.objectValue ?? []), session)
    }

    private mutating func label(_ members: [JSONValue.Member], _ session: String?) {
        let tail = session.map { [JSONValue.Member("sessionId", .string($0))] } ?? []
        outgoing.append(.object(members + tail))
    }
}
