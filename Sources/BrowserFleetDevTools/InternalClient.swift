// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import NIOCore
import Synchronization

/// Our own client of a browser: calls with answers, and single events that a call waits for.
final class InternalClient: DevToolsClientSink {
    private struct Waits {
        var nextID: Int32 = 1
        var calls: [Int32: EventLoopPromise<JSONValue>] = [:]
        var events: [EventWait] = []
        var isClosed = false
    }

    private struct EventWait {
        let number: Int32
        let method: String
        let session: String?
        let promise: EventLoopPromise<JSONValue>
    }

    let eventLoop: any EventLoop
    private let waits = Mutex(Waits())

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Never holds anything back: answers are consumed as they come.
    var unsentBytes: Int { 0 }

    /// Reserves an id for a call and the promise of its answer; nil once closed.
    func reserveCall(on loop: any EventLoop) -> (id: Int32, promise: EventLoopPromise<JSONValue>)? {
        waits.withLock { state in
            guard !state.isClosed else { return nil }
            let id = state.nextID
            state.nextID = id == .max ? 1 : id + 1
            let promise = loop.makePromise(of: JSONValue.self)
            state.calls[id] = promise
            return (id, promise)
        }
    }

    /// Waits for the next event of this name; answers its parameters. Nil once closed.
    func expect(
        event method: String, session: String?, on loop: any EventLoop
    ) -> (number: Int32, promise: EventLoopPromise<JSONValue>)? {
        waits.withLock { state in
            guard !state.isClosed else { return nil }
            let number = state.nextID
            state.nextID = number == .max ? 1 : number + 1
            let promise = loop.makePromise(of: JSONValue.self)
            state.events.append(
                EventWait(number: number, method: method, session: session, promise: promise))
            return (number, promise)
        }
    }

    /// Gives a wait up because its deadline passed.
    func giveUp(_ number: Int32, _ error: DevToolsError) {
        let promise = waits.withLock { state -> EventLoopPromise<JSONValue>? in
            if let promise = state.calls.removeValue(forKey: number) { return promise }
            guard let index = state.events.firstIndex(where: { $0.number == number }) else {
                return nil
            }
            return state.events.remove(at: index).promise
        }
        promise?.fail(error)
    }

    func send(_ message: ByteBuffer, edit: Edit) {
        let bytes = edit.applied(to: Array(message.readableBytesView))
        guard let answer = CallAnswer.parse(bytes.span) else { return }
        if let id = answer.id {
            complete(id, answer, bytes)
        } else if let method = answer.method {
            publish(method, answer, bytes)
        }
    }

    func flush() {}

    func pauseReading(_ paused: Bool) {}

    func close(_ reason: DevToolsCloseReason) {
        let promises = waits.withLock { state -> [EventLoopPromise<JSONValue>] in
            state.isClosed = true
            defer {
                state.calls = [:]
                state.events = []
            }
            return state.calls.keys.sorted().compactMap { state.calls[$0] }
                + state.events.map(\.promise)
        }
        for promise in promises {
            promise.fail(DevToolsError(.pipeClosed, "The browser has ended."))
        }
    }

    private func complete(_ id: Int32, _ answer: CallAnswer, _ bytes: [UInt8]) {
        guard let promise = waits.withLock({ $0.calls.removeValue(forKey: id) }) else { return }
        if let range = answer.error {
            let error = value(bytes, range)
            promise.fail(DevToolsError(.refused, error["message"]?.stringValue ?? "no message"))
        } else if let range = answer.result {
            promise.succeed(value(bytes, range))
        } else {
            promise.fail(DevToolsError(.malformed, "An answer has neither result nor error."))
        }
    }

    private func publish(_ method: String, _ answer: CallAnswer, _ bytes: [UInt8]) {
        let taken = waits.withLock { state -> [EventLoopPromise<JSONValue>] in
            let isMeant = { (wait: EventWait) in
                wait.method == method && (wait.session == nil || wait.session == answer.sessionID)
            }
            guard state.events.contains(where: isMeant) else { return [] }
            let promises = state.events.filter(isMeant).map(\.promise)
            state.events.removeAll(where: isMeant)
            return promises
        }
        guard !taken.isEmpty else { return }
        let params = answer.params.map { value(bytes, $0) } ?? .object([])
        for promise in taken { promise.succeed(params) }
    }

    private func value(_ bytes: [UInt8], _ range: Range<Int>) -> JSONValue {
        (try? JSONValue.parse(bytes.span.extracting(range))) ?? .null
    }
}
