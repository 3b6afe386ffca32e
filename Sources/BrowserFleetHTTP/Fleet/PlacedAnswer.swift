// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What one server answered to a create call that was placed on it.
enum PlacedAnswer: Sendable {
    /// A browser, with the URL to reach it by.
    case browser(BrowserResponse)
    /// A refusal, in the server's own words.
    case refused(Problem)
}

extension AttemptResult<PlacedAnswer> {
    /// Reads another server's answer to `POST /browsers`. A refusal for want of room or for what
    /// passes is no fault; one that only the server can be blamed for is.
    ///
    /// A browser whose ID names another server is of no use: nobody would find it.
    init(_ answer: ServerAnswer, of server: ServerName) {
        let body = Data(answer.body)
        if answer.status == 201 {
            let browser = try? JSONDecoder().decode(BrowserResponse.self, from: body)
            let isItsOwn = browser.flatMap { BrowserID($0.id)?.serverPrefix } == server.prefix
            self.init(isItsOwn ? .made : .broken, browser.map { .browser($0) })
            return
        }
        guard let problem = try? JSONDecoder().decode(Problem.self, from: body) else {
            self.init(.broken)
            return
        }
        self.init(Self.outcome(problem), .refused(problem))
    }

    /// What became of an attempt that ended with a problem.
    init(_ problem: Problem) { self.init(Self.outcome(problem), .refused(problem)) }

    /// What became of a call that had no whole answer.
    init(_ error: ServerCallError) { self.init(error.isUnseen ? .unreachable : .broken) }

    private static func outcome(_ problem: Problem) -> AttemptOutcome {
        switch problem.code {
        case .queueFull, .queueTimeout: .full
        case .draining, .quarantined, .cpuPressure, .memoryPressure, .cancelled,
            .storeUnavailable:
            .declined
        // The servers' own business: keys between them, names, connections.
        case .invalidSignature, .hostNotAllowed, .tooManyConnections, .requestTimeout: .broken
        case _: problem.status < 500 ? .rejected : .broken
        }
    }
}

extension Problem {
    /// What a caller is told when no server of the fleet gave it a browser.
    init(_ refusal: CreateRefusal, _ servers: [ServerRow]) {
        self.init(
            ProblemCode(refusal.reason), refusal.reason.sentence + Self.obstacles(of: servers),
            retryAfter: refusal.retryAfter ?? .seconds(5),
            queue: refusal.place.map {
                Queue(position: $0, estimateMs: refusal.estimate?.wholeMilliseconds)
            })
    }

    /// Why servers take nothing, as they say: ` 2 of 3 servers take none: cpu-pressure.`
    private static func obstacles(of servers: [ServerRow]) -> String {
        let there = servers.filter { $0.standing != .lost }
        let words = there.compactMap { row in
            row.standing == .active ? row.report?.reason : row.standing.rawValue
        }
        guard !words.isEmpty else { return "" }
        return " \(words.count) of \(there.count) servers take none: "
            + Set(words).sorted().joined(separator: ", ") + "."
    }
}

extension ProblemCode {
    fileprivate init(_ reason: CreateRefusal.Reason) {
        self =
            switch reason {
            case .queueFull: .queueFull
            case .queueTimeout: .queueTimeout
            case .noServer: .noServer
            case .serversBroken: .serversBroken
            case .draining: .draining
            }
    }
}

extension CreateRefusal.Reason {
    fileprivate var sentence: String {
        switch self {
        case .queueFull: "All browsers of all servers are in use and the wait queue is full."
        case .queueTimeout: "No browser of any server became free in time."
        case .noServer: "No server of the fleet is what the call asks for."
        case .serversBroken: "One server after the other failed to make a browser."
        case .draining: "The gateway takes no new browsers; it is about to stop."
        }
    }
}
