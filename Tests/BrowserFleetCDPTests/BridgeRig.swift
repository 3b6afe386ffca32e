// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore

/// Drives one bridge by hand: a manual clock, messages as text, the machine's own invariants
/// checked after every step.
struct BridgeRig {
    /// One thing the bridge did, messages written out in full.
    enum Output: Equatable {
        case toBrowser(String)
        case toClient(Int, String)
        case attached(Int)
        case attachFailed(Int, BridgeMachine.AttachFailure)
        case close(Int, ClientCloseReason)
        case browserClosing(by: Int)
        case touched(String)
        case gone(String)
    }

    var machine: BridgeMachine
    var now = FleetInstant.origin

    init(_ configuration: BridgeMachine.Configuration = .init()) {
        machine = BridgeMachine(configuration: configuration)
    }

    /// A bridge whose pipe is open.
    static func open(_ configuration: BridgeMachine.Configuration = .init()) -> BridgeRig {
        var rig = BridgeRig(configuration)
        _ = rig.event(.pipeOpened)
        return rig
    }

    mutating func event(_ event: BridgeMachine.Event) -> [Output] {
        var actions: [BridgeMachine.Action] = []
        machine.handle(event, at: now, into: &actions)
        machine.checkInvariants()
        return actions.map { Self.output($0, []) }
    }

    /// Lets `duration` pass, with a tick at its end.
    mutating func wait(_ duration: Duration) -> [Output] {
        now = now.advanced(by: duration)
        return event(.tick)
    }

    mutating func client(_ number: Int, _ text: String) -> [Output] {
        client(number, bytes: Array(text.utf8))
    }

    mutating func client(_ number: Int, bytes: [UInt8]) -> [Output] {
        var actions: [BridgeMachine.Action] = []
        machine.receive(fromClient: ClientID(number), bytes.span, at: now, into: &actions)
        machine.checkInvariants()
        return actions.map { Self.output($0, bytes) }
    }

    mutating func browser(_ text: String) -> [Output] {
        let bytes = Array(text.utf8)
        var actions: [BridgeMachine.Action] = []
        machine.receive(fromBrowser: bytes.span, at: now, into: &actions)
        machine.checkInvariants()
        return actions.map { Self.output($0, bytes) }
    }

    private static func output(_ action: BridgeMachine.Action, _ message: [UInt8]) -> Output {
        switch action {
        case .toBrowser(let edit): .toBrowser(text(edit.applied(to: message)))
        case .toClient(let client, let edit):
            .toClient(client.number, text(edit.applied(to: message)))
        case .command(let bytes): .toBrowser(text(bytes))
        case .reply(let client, let bytes): .toClient(client.number, text(bytes))
        case .attached(let client): .attached(client.number)
        case .attachFailed(let client, let failure): .attachFailed(client.number, failure)
        case .closeClient(let client, let reason): .close(client.number, reason)
        case .browserClosing(let client): .browserClosing(by: client.number)
        case .pageTouched(let page): .touched(page)
        case .pageGone(let page): .gone(page)
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension BridgeRig {
    /// A session name made from a small number.
    static func session(_ number: Int) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Attaches client `number`, whose root session gets the name `session(number)`.
    mutating func attach(
        _ number: Int, root: ClientRoot = .browser, isInternal: Bool = false
    ) -> [Output] {
        let asked = event(.clientAttached(ClientID(number), root: root, isInternal: isInternal))
        let id = Self.callID(asked)
        return asked
            + browser(#"{"id":\#(id),"result":{"sessionId":"\#(Self.session(number))"}}"#)
    }

    /// Tells of a child session of `parent` (nil: the root of client `client`).
    mutating func attachChild(
        _ child: Int, of parent: Int, page: String, type: String = "page", waiting: Bool = false
    ) -> [Output] {
        browser(
            #"{"method":"Target.attachedToTarget","params":{"sessionId":"\#(Self.session(child))","#
                + #""targetInfo":{"targetId":"\#(page)","type":"\#(type)","title":"","url":"","#
                + #""attached":true},"waitingForDebugger":\#(waiting)},"#
                + #""sessionId":"\#(Self.session(parent))"}"#)
    }

    /// Tells that the child session is gone.
    mutating func detachChild(_ child: Int, of parent: Int) -> [Output] {
        browser(
            #"{"method":"Target.detachedFromTarget","params":{"sessionId":"\#(Self.session(child))"},"#
                + #""sessionId":"\#(Self.session(parent))"}"#)
    }

    /// The number of the first call to the browser among `outputs`; zero when there is none.
    static func callID(_ outputs: [Output]) -> Int {
        calls(outputs).first.flatMap { $0["id"]?.intValue } ?? 0
    }

    /// The messages to the browser among `outputs`, taken apart.
    static func calls(_ outputs: [Output]) -> [JSONValue] {
        outputs.compactMap { output in
            guard case .toBrowser(let text) = output else { return nil }
            return try? JSONValue.parse(Array(text.utf8))
        }
    }

    /// The messages to client `number` among `outputs`, taken apart.
    static func answers(_ outputs: [Output], to number: Int) -> [JSONValue] {
        outputs.compactMap { output in
            guard case .toClient(number, let text) = output else { return nil }
            return try? JSONValue.parse(Array(text.utf8))
        }
    }

    /// The methods called on the browser among `outputs`.
    static func methods(_ outputs: [Output]) -> [String] {
        calls(outputs).compactMap { $0["method"]?.stringValue }
    }
}
