// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import Foundation

/// A bridge between hand-written clients and a real browser, run by whoever waits for something.
final class LiveBridge {
    private let browser: RealBrowser
    private var machine = BridgeMachine()
    private let start = ContinuousClock.now
    /// Messages that came for each client and were not taken yet.
    private var inboxes: [Int: [JSONValue]] = [:]
    /// Everything the browser said, as it said it.
    private(set) var heard: [[UInt8]] = []
    private var attached: Set<Int> = []
    private var lastID = 0

    init() throws {
        browser = try RealBrowser()
        try handle(.pipeOpened)
    }

    private var now: FleetInstant {
        FleetInstant.origin.advanced(by: start.duration(to: .now))
    }

    func handle(_ event: BridgeMachine.Event) throws {
        var actions: [BridgeMachine.Action] = []
        machine.handle(event, at: now, into: &actions)
        try run(actions, [])
    }

    /// Attaches client `number` and waits until it has its session.
    func attach(_ number: Int, isInternal: Bool = false) throws {
        try handle(.clientAttached(ClientID(number), root: .browser, isInternal: isInternal))
        try pump { self.attached.contains(number) }
    }

    func detach(_ number: Int) throws {
        try handle(.clientDetached(ClientID(number)))
    }

    /// Sends a call for client `number`; answers with its id.
    @discardableResult
    func send(
        _ number: Int, _ method: String, _ params: JSONValue = [:], session: String? = nil
    ) throws -> Int {
        lastID += 1
        let bytes = CallMessage.encode(
            id: Int32(lastID), method: method, params: params, sessionID: session)
        var actions: [BridgeMachine.Action] = []
        machine.receive(fromClient: ClientID(number), bytes.span, at: now, into: &actions)
        try run(actions, bytes)
        return lastID
    }

    /// Sends a call for client `number` and waits for its answer.
    func call(
        _ number: Int, _ method: String, _ params: JSONValue = [:], session: String? = nil,
        within limit: Duration = .seconds(10)
    ) throws -> JSONValue {
        let id = try send(number, method, params, session: session)
        return try wait(number, within: limit) { $0["id"]?.intValue == id }
    }

    /// Takes the first message for client `number` that fulfils `condition`, waiting for it.
    func wait(
        _ number: Int, within limit: Duration = .seconds(10),
        for condition: (JSONValue) -> Bool
    ) throws -> JSONValue {
        var found: JSONValue?
        try pump(within: limit) {
            guard let index = inboxes[number, default: []].firstIndex(where: condition) else {
                return false
            }
            found = inboxes[number]?.remove(at: index)
            return true
        }
        return found ?? .null
    }

    /// Lets messages pass until `condition` holds.
    func pump(within limit: Duration = .seconds(10), until condition: () -> Bool) throws {
        let end = now.advanced(by: limit)
        while !condition() {
            guard now < end else { throw RealBrowser.Failure(description: "waited in vain") }
            let wake = min(machine.nextDeadline ?? end, end)
            let pause = now.duration(to: wake).wholeNanoseconds / 1_000_000 + 1
            guard let message = try browser.next(within: CInt(clamping: max(0, pause))) else {
                try handle(.tick)
                continue
            }
            heard.append(message)
            var actions: [BridgeMachine.Action] = []
            machine.receive(fromBrowser: message.span, at: now, into: &actions)
            try run(actions, message)
        }
    }

    private func run(_ actions: [BridgeMachine.Action], _ message: [UInt8]) throws {
        machine.checkInvariants()
        for action in actions {
            switch action {
            case .toBrowser(let edit): try browser.send(edit.applied(to: message))
            case .command(let bytes): try browser.send(bytes)
            case .toClient(let client, let edit): try deliver(edit.applied(to: message), client)
            case .reply(let client, let bytes): try deliver(bytes, client)
            case .attached(let client): attached.insert(client.number)
            case .attachFailed, .closeClient, .browserClosing, .pageTouched, .pageGone: break
            }
        }
    }

    private func deliver(_ bytes: [UInt8], _ client: ClientID) throws {
        inboxes[client.number, default: []].append(try JSONValue.parse(bytes))
    }
}

extension LiveBridge {
    /// Makes a page for client `number` and attaches to it: the target's name and the session's.
    func page(_ number: Int, _ params: JSONValue = ["url": "about:blank"]) throws -> (
        target: String, session: String
    ) {
        let made = try call(number, "Target.createTarget", params)
        let target = made["result"]?["targetId"]?.stringValue ?? ""
        let attached = try call(
            number, "Target.attachToTarget", ["targetId": .string(target), "flatten": true])
        return (target, attached["result"]?["sessionId"]?.stringValue ?? "")
    }

    /// The names of the pages that client `number` sees.
    func pages(_ number: Int) throws -> [String] {
        let targets = try call(number, "Target.getTargets")["result"]?["targetInfos"]?.arrayValue
        return (targets ?? []).compactMap { $0["targetId"]?.stringValue }
    }
}
