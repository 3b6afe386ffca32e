// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// The port to the other servers of a fleet, as its driver needs it: reports go out, and are asked
/// for. Whatever cannot be done is said by `nil`; nothing is tried twice.
///
/// Live: `SignedPeers` in `BrowserFleetHTTP`, over a ``ServerCaller``; that one has a controllable
/// twin.
public protocol FleetPeers: Sendable {
    /// Sends a server's full report to a gateway.
    ///
    /// - Parameters:
    ///   - heartbeat: the report.
    ///   - word: what an operator last said of the server, as it knows.
    ///   - gateway: where the gateway is reached.
    ///   - patience: how long it may take.
    /// - Returns: what the gateway makes of it; `nil` if it did not answer.
    func send(
        _ heartbeat: Heartbeat, _ word: OperatorWord?, to gateway: ServerEndpoint,
        patience: Duration
    ) async -> (answer: HeartbeatAnswer, word: OperatorWord?)?

    /// Tells a gateway that this process is about to end and has no browsers any more.
    func sayGoodbye(
        of server: ServerName, _ epoch: ServerEpoch, to gateway: ServerEndpoint,
        patience: Duration
    ) async

    /// Asks a server for its report.
    ///
    /// - Parameters:
    ///   - server: where the server is reached.
    ///   - known: what the server is told with the question.
    ///   - patience: how long it may take.
    ///   - isFresh: whether it takes a connection of its own, because a kept one may be broken.
    /// - Returns: the answer; `nil` if there was none in time, or none in order.
    func report(
        of server: ServerEndpoint, telling known: KnownOfServer, patience: Duration,
        isFresh: Bool
    ) async -> PeerReport?
}

/// What a server said when it was asked.
public struct PeerReport: Hashable, Sendable {
    /// The name that it gives itself.
    public var server: ServerName
    /// How it is.
    public var answer: ProbeAnswer
    /// What an operator last said of it, as it knows.
    public var word: OperatorWord?

    /// Puts it together.
    public init(server: ServerName, answer: ProbeAnswer, word: OperatorWord? = nil) {
        self.server = server
        self.answer = answer
        self.word = word
    }
}

/// What a gateway knows of a server, and tells it when it asks for its report.
public struct KnownOfServer: Hashable, Sendable {
    /// The newest holder of its name. One that took the name under a lower number learns of it.
    public var newest: ServerEpoch?
    /// What an operator last said of it.
    public var word: OperatorWord?

    /// Puts both together.
    public init(newest: ServerEpoch? = nil, word: OperatorWord? = nil) {
        self.newest = newest
        self.word = word
    }
}
