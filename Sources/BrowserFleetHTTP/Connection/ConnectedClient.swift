// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import HTTPTypes
import NIOHTTP1
import Synchronization

/// The client of one connection: where it is, and whether it is still there, so that a caller that
/// went away while it waited for a browser never gets one.
final class ConnectedClient: Sendable {
    private struct State {
        var peer: IPAddress?
        var isGone = false
        var nextNumber = 0
        var actions: [Int: @Sendable () -> Void] = [:]
        var hangUp: (@Sendable () -> Void)?
    }

    private let proxies: TrustedProxies
    private let state: Mutex<State>

    /// The client whose request this task answers.
    @TaskLocal static var current: ConnectedClient?

    /// Creates the client of a connection.
    ///
    /// - Parameters:
    ///   - peer: the far end of the connection; `nil` if that has no IP address.
    ///   - proxies: whose word about a client's address is believed.
    init(peer: IPAddress? = nil, proxies: TrustedProxies = .none) {
        self.proxies = proxies
        state = Mutex(State(peer: peer))
    }

    // MARK: Where it is

    /// The far end of the connection, or what a trusted proxy's PROXY header named.
    var peer: IPAddress? {
        get { state.withLock(\.peer) }
        set { state.withLock { $0.peer = newValue } }
    }

    /// The address that a request came from: the far end, or what trusted proxies say of it.
    func address(of headers: HTTPFields) -> IPAddress? {
        guard let peer, !proxies.isEmpty, let name = HTTPField.Name("X-Forwarded-For") else {
            return peer?.canonical
        }
        return proxies.client(peer: peer, forwarded: headers[values: name])
    }

    /// The address that a request came from, by its fields as the parser shows them.
    func address(of headers: HTTPHeaders) -> IPAddress? {
        guard let peer, !proxies.isEmpty else { return peer?.canonical }
        return proxies.client(peer: peer, forwarded: headers["x-forwarded-for"])
    }

    /// Whether the far end is a trusted proxy, whose word on the client counts.
    var isBehindProxy: Bool { peer.map(proxies.trusts) ?? false }

    // MARK: Whether it is there

    /// Says how the connection is closed from this side.
    func onHangUp(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.hangUp = action }
    }

    /// Closes the connection, whatever is still to be written on it.
    func hangUp() { state.withLock(\.hangUp)?() }

    /// The client closed its side or the connection broke.
    func clientWentAway() {
        let actions = state.withLock { state in
            defer { state.actions = [:] }
            state.isGone = true
            return state.actions.values.map { $0 }
        }
        for action in actions { action() }
    }

    /// Runs `body` and cancels it when the client goes away meanwhile.
    ///
    /// - Parameter body: the work; it sees the cancellation like that of any task.
    /// - Returns: what the work returns, cancelled or not.
    func whileClientStays<Value: Sendable>(
        _ body: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await body() }
        let number = observe { task.cancel() }
        defer { forget(number) }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func observe(_ action: @escaping @Sendable () -> Void) -> Int {
        let (number, isGone) = state.withLock { state in
            let number = state.nextNumber
            state.nextNumber += 1
            if !state.isGone { state.actions[number] = action }
            return (number, state.isGone)
        }
        if isGone { action() }
        return number
    }

    private func forget(_ number: Int) {
        state.withLock { _ = $0.actions.removeValue(forKey: number) }
    }
}
