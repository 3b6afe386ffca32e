// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import BrowserFleetRuntime
import Synchronization

/// Servers that exist in a test only: each endpoint is answered by a closure, or is not reachable.
///
/// Keeps what was asked. Deadlines are not watched, since no time passes here: an endpoint that
/// never answers is one whose closure throws ``ServerCallError/Kind/deadline``.
public final class FakeServerCaller: ServerCaller {
    /// Plays one server.
    public typealias Server =
        @Sendable (ServerCall) async throws(ServerCallError) -> ServerAnswer

    private struct State {
        var servers: [ServerEndpoint: Server] = [:]
        var calls: [ServerCall] = []
    }

    private let state = Mutex(State())

    /// Creates a network without servers.
    public init() {}

    /// The calls so far, in their order, those that failed included.
    public var calls: [ServerCall] { state.withLock(\.calls) }

    /// Puts a server at `endpoint` in the place of what was there.
    public func serve(_ endpoint: ServerEndpoint, _ server: @escaping Server) {
        state.withLock { $0.servers[endpoint] = server }
    }

    /// Takes the server at `endpoint` away: nothing listens there any more.
    public func remove(_ endpoint: ServerEndpoint) {
        state.withLock { $0.servers[endpoint] = nil }
    }

    /// Asks the server at the call's endpoint.
    ///
    /// - Throws: `unreachable` where there is none, `tooLarge` for an answer over the call's bound,
    ///   or what the server throws.
    public func call(_ call: ServerCall) async throws(ServerCallError) -> ServerAnswer {
        let server = state.withLock { state in
            state.calls.append(call)
            return state.servers[call.endpoint]
        }
        guard let server else {
            throw ServerCallError(.unreachable, "nothing listens at \(call.endpoint)")
        }
        let answer = try await server(call)
        guard answer.body.count <= call.longestAnswer else {
            throw ServerCallError(
                .tooLarge,
                "\(call.endpoint) answered more than \(call.longestAnswer) bytes")
        }
        return answer
    }
}
