// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
package import BrowserFleetCore
package import BrowserFleetRuntime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The other servers of the fleet, by signed HTTP calls.
package struct SignedPeers: FleetPeers {
    private static let longestAnswer = 64 << 10

    private let serverID: ServerID
    private let caller: any ServerCaller
    private let signer: InternalSigner?
    private let clock: any FleetClock

    /// Creates the way to them.
    ///
    /// - Parameters:
    ///   - serverID: what this server calls itself.
    ///   - caller: makes the calls.
    ///   - signer: signs them; without one nobody is called.
    ///   - clock: measures answers, and tells signatures the time.
    package init(
        serverID: ServerID, caller: any ServerCaller, signer: InternalSigner?,
        clock: any FleetClock
    ) {
        self.serverID = serverID
        self.caller = caller
        self.signer = signer
        self.clock = clock
    }

    /// Sends a report.
    package func send(
        _ heartbeat: Heartbeat, _ word: OperatorWord?, to gateway: ServerEndpoint,
        patience: Duration
    ) async -> (answer: HeartbeatAnswer, word: OperatorWord?)? {
        let message = HeartbeatMessage(heartbeat, word, serverID: serverID)
        let reply: HeartbeatReply? = await post(
            InternalPath.heartbeat, message, to: gateway, patience)
        return reply.map { ($0.answer, $0.word) }
    }

    /// Says good-bye.
    package func sayGoodbye(
        of server: ServerName, _ epoch: ServerEpoch, to gateway: ServerEndpoint,
        patience: Duration
    ) async {
        let message = GoodbyeMessage(server: server, epoch: epoch)
        let _: HeartbeatReply? = await post(InternalPath.goodbye, message, to: gateway, patience)
    }

    /// Asks for a report.
    package func report(
        of server: ServerEndpoint, telling known: KnownOfServer, patience: Duration,
        isFresh: Bool
    ) async -> PeerReport? {
        let asked = clock.now
        // In the target, which is signed.
        let query = RequestTarget.encoded(query: known.pairs)
        let path = InternalPath.report + (query.isEmpty ? "" : "?" + query)
        guard
            let answer = await call(
                "GET", path, [], at: server, patience, isFresh: isFresh),
            answer.status == 200,
            let message = try? JSONDecoder().decode(
                HeartbeatMessage.self, from: Data(answer.body)),
            let heartbeat = message.heartbeat
        else { return nil }
        let probed = ProbeAnswer(
            responseTime: asked.duration(to: clock.now), epoch: heartbeat.epoch,
            report: heartbeat.report)
        return PeerReport(server: heartbeat.server, answer: probed, word: message.word)
    }

    private func post<Reply: Decodable>(
        _ path: String, _ message: some Encodable, to endpoint: ServerEndpoint,
        _ patience: Duration
    ) async -> Reply? {
        guard let body = try? JSONEncoder().encode(message),
            let answer = await call("POST", path, Array(body), at: endpoint, patience),
            answer.status == 200
        else { return nil }
        return try? JSONDecoder().decode(Reply.self, from: Data(answer.body))
    }

    private func call(
        _ method: String, _ path: String, _ body: [UInt8], at endpoint: ServerEndpoint,
        _ patience: Duration, isFresh: Bool = false
    ) async -> ServerAnswer? {
        guard let signer else { return nil }
        let now = Timestamp(millisecondsSince1970: clock.unixMilliseconds)
        let signed = signer.headers(
            for: InternalCall(method: method, target: path, body: body), at: now)
        let call = ServerCall(
            method, path, at: endpoint,
            headers: [("Content-Type", JSONBody.contentType)] + signed, body: body,
            deadline: patience, longestAnswer: Self.longestAnswer, isFresh: isFresh)
        return try? await caller.call(call)
    }
}

extension KnownOfServer {
    /// What a query may say.
    static let fields = [
        FieldRule("number", .text(longest: 20), "The newest epoch that is known."),
        FieldRule("process", .text(longest: 36), "The process of that epoch."),
        FieldRule("drain", .boolean, "What an operator last said."),
        FieldRule("saidAt", .text(longest: 20), "When that was said."),
    ]

    /// As a query.
    var pairs: [(name: String, value: String)] {
        var pairs: [(String, String)] = []
        if let newest {
            pairs += [("number", "\(newest.number)"), ("process", "\(newest.process)")]
        }
        if let word { pairs += [("drain", "\(word.isDraining)"), ("saidAt", "\(word.saidAt)")] }
        return pairs
    }

    /// Reads a query; what is not whole is not there.
    init(_ query: JSONTree) {
        self.init()
        if let number = query["number"]?.string.flatMap({ Int64($0) }),
            let process = query["process"]?.string.flatMap({ UUIDv4($0) })
        {
            newest = ServerEpoch(number: number, process: process)
        }
        if let isDraining = query["drain"]?.boolean,
            let saidAt = query["saidAt"]?.string.flatMap({ Int64($0) })
        {
            word = OperatorWord(isDraining: isDraining, saidAt: saidAt)
        }
    }
}
