// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetGateway
import BrowserFleetHTTP
import BrowserFleetRuntime
import NIOHTTP1
import Synchronization

/// Who owns what, as a test says.
final class FakeOwners: Forwarding {
    private struct State {
        var servers: [ServerName: ForwardDecision] = [:]
        var outcomes: [(server: ServerName, failed: Bool)] = []
        var onFailure: (@Sendable (ServerName, ServerFailure) -> Void)?
        var losesWhatFails = false
    }

    private let state = Mutex(State())

    /// Who answers for the browsers of a server.
    func set(_ server: ServerName, _ decision: ForwardDecision) {
        state.withLock { $0.servers[server] = decision }
    }

    /// Puts a server on a port of this machine.
    func set(_ server: ServerName, port: Int) {
        let endpoint = ServerEndpoint(scheme: .http, host: "127.0.0.1", port: UInt16(port))
        set(server, .remote(server, endpoint))
    }

    /// What was heard of calls that were sent on: whether they failed.
    var failures: [Bool] { state.withLock { $0.outcomes.map(\.failed) } }

    /// Declares a server lost.
    func lose(_ server: ServerName) {
        set(server, .refuse(.serverLost))
        state.withLock(\.onFailure)?(server, .lost)
    }

    /// Declares a server silent.
    func silence(_ server: ServerName) {
        let listener = state.withLock { state in
            if case .remote(let name, let endpoint, _) = state.servers[server] {
                state.servers[server] = .remote(name, endpoint, isSilent: true)
            }
            return state.onFailure
        }
        listener?(server, .silent)
    }

    /// From now on, a server that fails is lost at the same moment.
    func loseWhatFails() { state.withLock { $0.losesWhatFails = true } }

    func decide(browserID: BrowserID) -> ForwardDecision {
        guard let server = browserID.server else { return .local }
        return state.withLock { $0.servers[server] ?? .local }
    }

    func outcome(of server: ServerName, failed: Bool) {
        let isLost = state.withLock { state in
            state.outcomes.append((server, failed))
            return failed && state.losesWhatFails
        }
        if isLost { set(server, .refuse(.serverLost)) }
    }

    func onFailure(_ action: @escaping @Sendable (ServerName, ServerFailure) -> Void) {
        state.withLock { $0.onFailure = action }
    }
}

/// A real gateway on a real loopback port, which owns no browsers of its own.
struct GatewayRig {
    /// The name of the server whose browsers are elsewhere.
    static let node = ServerName(known: "node1.test")

    let gateway: FleetRig
    let owners: FakeOwners
    let metrics: PrometheusRegistry
    var port: Int { gateway.port }

    /// The path of a browser of the node.
    static let browser = "/browsers/node1-test_3b241101-e2bb-4255-8caf-4136c566a962"

    /// Runs `body` with a gateway in front of whatever listens at the port `node`. If `everything`,
    /// each request goes there, not only those about its browsers; `times` changes the gateway's
    /// times and bounds.
    static func with<Value: Sendable>(
        node: Int, everything: Bool = false, times: (inout GatewayConfiguration) -> Void = { _ in },
        configure: (inout HTTPConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (GatewayRig) async throws -> Value
    ) async throws -> Value {
        let owners = FakeOwners()
        owners.set(Self.node, port: node)
        var configuration = GatewayConfiguration()
        // All tests share the event loops: a dial may have to wait for its turn.
        configuration.dialTimeout = .seconds(60)
        times(&configuration)
        let metrics = PrometheusRegistry()
        let gateway = try Gateway(
            configuration: configuration, forwarding: owners, metrics: metrics
        ) { _, _, address, host, scheme in
            [
                ("x-forwarded-for", address ?? "unknown"), ("x-forwarded-host", host ?? "unknown"),
                ("x-forwarded-proto", scheme), ("x-fleet-signature", "good"),
            ]
        }
        defer { gateway.stop() }
        let forwarding = RequestForwarding(
            owners: owners,
            isFromGateway: { $0.headers.first(name: "x-fleet-signature") == "good" }
        ) { connection, eventLoop in
            var shown = GatewayConnection(connection)
            if everything { shown.decide = { _ in owners.decide(browserID: Self.anyBrowser) } }
            return gateway.makeForwarder(for: shown, on: eventLoop)
        }
        return try await FleetRig.with(
            slots: 1, warm: 0, name: ServerName(known: "gateway.test"), forwarding: forwarding,
            configure: configure
        ) { rig in
            try await body(GatewayRig(gateway: rig, owners: owners, metrics: metrics))
        }
    }

    private static var anyBrowser: BrowserID {
        var generator = SystemRandomNumberGenerator()
        return BrowserID.mint(server: node, using: &generator)
    }
}

extension GatewayConnection {
    /// What a connection of the server shows a gateway.
    init(_ connection: ForwardableConnection) {
        self.init(
            decide: connection.decide,
            client: { head in
                ForwardedClient(
                    address: connection.address(of: head), isSecure: connection.isSecure(head),
                    requestID: connection.requestID(of: head))
            },
            refusal: connection.refusal, surrender: connection.surrender,
            idleTimeout: connection.idleTimeout)
    }
}

extension ServerName {
    /// A name that a test knows to be one.
    init(known text: String) {
        guard let name = try? ServerName(text) else { fatalError("\(text) is no name") }
        self = name
    }
}
