// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

@Suite("Clients come, go, call and close pages under each other")
struct BridgeWorldTests {
    // 37: an error for a client that had left reached another one with a call of that number.
    @Test(
        "every call gets one answer, from its own session",
        arguments: Array(0..<16) + [37 as UInt64])
    func answersAll(seed: UInt64) {
        var world = BridgeWorld(seed: seed)
        for _ in 0..<400 { world.step() }
        #expect(world.wrongAnswers.isEmpty, "seed \(seed): \(world.wrongAnswers)")
        world.settle()
        #expect(world.waiting.isEmpty, "seed \(seed): without an answer \(world.waiting)")
        #expect(world.answered > 20, "seed \(seed) tested nothing")
        world.leave()
        #expect(world.browser.pages == ["first"], "seed \(seed): pages left behind")
        #expect(world.browser.openSessions == 0, "seed \(seed): sessions left behind")
    }
}

/// Some clients, a bridge, a model of the browser, and messages under way between them.
struct BridgeWorld {
    /// A call that waits for its answer: whose it is, its number, and its session ("" for root).
    struct Waiting: Hashable {
        let client: Int
        let id: Int
        let session: String
    }

    var rig = BridgeRig.open()
    var browser = ModelBrowser()
    private var messages: RandomMessages
    /// Under way to the browser.
    private var pipe: [JSONValue] = []
    private var present: [Int] = []
    private var nextClient = 1
    private var nextID: [Int: Int] = [:]
    private var sessions: [Int: [String]] = [:]
    private(set) var waiting: Set<Waiting> = []
    private(set) var wrongAnswers: [String] = []
    private(set) var answered = 0

    init(seed: UInt64) { messages = RandomMessages(seed: seed) }

    /// One random thing happens.
    mutating func step() {
        switch Int.random(in: 0..<20, using: &messages.generator) {
        case 0: if present.count < 4 { join() }
        case 1: if present.count > 2 { leaveOne() }
        case 2...9:
            if let client = present.randomElement(using: &messages.generator) { call(client) }
        case 10...14: deliver(browser.answerOne(using: &messages.generator))
        default: movePipe()
        }
    }

    /// Nothing new is asked; all that is under way arrives.
    mutating func settle() {
        while true {
            let said = browser.answerOne(using: &messages.generator)
            if pipe.isEmpty, said.isEmpty { return }
            deliver(said)
            movePipe()
        }
    }

    mutating func leave() {
        while !present.isEmpty { leaveOne() }
        settle()
    }

    private mutating func movePipe() {
        guard !pipe.isEmpty else { return }
        deliver(browser.take(pipe.removeFirst()))
    }

    private mutating func deliver(_ said: [JSONValue]) {
        for message in said {
            take(rig.browser(String(decoding: message.encoded(), as: UTF8.self)))
        }
    }

    private mutating func join() {
        let root: ClientRoot = messages.one(of: [.browser, .browser, .target(browser.pages[0])])
        take(rig.event(.clientAttached(ClientID(nextClient), root: root, isInternal: false)))
        nextClient += 1
    }

    private mutating func leaveOne() {
        let client = present.remove(
            at: Int.random(in: 0..<present.count, using: &messages.generator))
        forget(client)
        take(rig.event(.clientDetached(ClientID(client))))
    }

    private mutating func forget(_ client: Int) {
        present.removeAll { $0 == client }
        waiting = waiting.filter { $0.client != client }
    }

    private mutating func call(_ client: Int) {
        nextID[client, default: 0] += 1
        let id = nextID[client, default: 0]
        let session = messages.one(of: [""] + sessions[client, default: []])
        let page = messages.one(of: browser.pages + ["none"])
        let (method, params): (String, JSONValue) = messages.one(of: [
            ("A.b", [:]), ("A.b", [:]), ("A.b", [:]), ("Target.createTarget", ["url": ""]),
            ("Target.attachToTarget", ["targetId": .string(page), "flatten": true]),
            ("Target.attachToBrowserTarget", [:]),
            // The first page stays: clients are attached to it.
            ("Target.closeTarget", ["targetId": .string(page == "first" ? "none" : page)]),
            ("Target.detachFromTarget", ["sessionId": .string(session)]),
        ])
        waiting.insert(Waiting(client: client, id: id, session: session))
        let bytes = CallMessage.encode(
            id: Int32(id), method: method, params: params,
            sessionID: session.isEmpty ? nil : session)
        take(rig.client(client, bytes: bytes))
    }

    private mutating func take(_ outputs: [BridgeRig.Output]) {
        for output in outputs {
            switch output {
            case .toBrowser(let text): pipe.append(value(text))
            case .toClient(let client, let text): receive(value(text), client)
            case .attached(let client): present.append(client)
            case .close(let client, _): forget(client)
            case .attachFailed, .browserClosing, .touched, .gone: break
            }
        }
    }

    private mutating func receive(_ message: JSONValue, _ client: Int) {
        if let session = message["params"]?["sessionId"]?.stringValue,
            message["method"] == "Target.attachedToTarget"
        {
            sessions[client, default: []].append(session)
        }
        guard let id = message["id"]?.intValue else { return }
        answered += 1
        // A client that the bridge refuses gets no session back, as with Chromium.
        let session = message["sessionId"]?.stringValue
        let named = waiting.remove(Waiting(client: client, id: id, session: session ?? ""))
        let refused = waiting.first { $0.client == client && $0.id == id && session == nil }
        if named == nil {
            guard let refused, message["error"]?["code"] == -32001 else {
                return wrongAnswers.append("\(client): \(message)")
            }
            waiting.remove(refused)
        }
        if let origin = message["result"]?["for"]?.stringValue, let session, origin != session {
            wrongAnswers.append("\(client): of another session \(message)")
        }
    }

    private func value(_ text: String) -> JSONValue {
        (try? JSONValue.parse(Array(text.utf8))) ?? .null
    }
}
