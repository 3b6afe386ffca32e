// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("messages are what the contract says")
struct MessageTests {
    @Test(
        "the load is leased over capacity, cut off after two decimals",
        arguments: [(5, 9, 0.55), (0, 9, 0), (9, 9, 1), (2, 3, 0.66), (29, 100, 0.29), (1, 0, 0)])
    func load(_ leased: Int, _ capacity: Int, _ load: Double) {
        #expect(SessionHealthResponse.load(leased: leased, capacity: capacity) == load)
    }

    private func json(_ value: some Encodable) throws -> JSONTree {
        try JSONParser.parse(Array(try JSONEncoder().encode(value)))
    }

    @Test("the short health answer has the shape of its seed")
    func sessionHealth() throws {
        let answer = SessionHealthResponse(
            status: "ok", leased: 5, maxSessions: 9, capacity: 9, waiting: 2, screenshots: 1)
        let tree = try json(answer)
        #expect(tree["sessions"]?["active"] == 5 && tree["sessions"]?["max"] == 9)
        #expect(tree["workers"]?["averageLoad"] == .number(0.55))
        #expect(tree["queues"]?["requests"] == 2 && tree["queues"]?["screenshots"] == 1)
    }

    @Test("what a client encodes is what the server's table takes")
    func createRoundTrip() throws {
        var request = CreateBrowserRequest()
        request.headful = true
        request.proxy = ProxyChoice(server: "http://p:1", username: "u", password: "w")
        request.priority = .low
        request.keepAliveMs = 1
        request.idleTimeoutMs = 2
        request.maxLifetimeMs = 3
        request.queueTimeoutMs = 4
        request.viewport = ViewportSize(width: 5, height: 6)
        request.userAgent = "U"
        request.locale = "de-DE"
        request.timezone = "UTC"
        request.args = ["--a"]
        request.metadata = ["a": "b"]
        request.affinityKey = "k"
        request.region = "r"
        request.labels = ["l": "m"]
        let tree = try json(request)
        #expect(try CreateBrowserRequest(checking: tree) == request)
        guard case .object(let members) = tree else { return }
        #expect(
            Set(members.map(\.name)) == Set(CreateBrowserRequest.fields.rules.map(\.name)))
        let data = try JSONEncoder().encode(request)
        #expect(try JSONDecoder().decode(CreateBrowserRequest.self, from: data) == request)
    }

    @Test("a problem carries status, title and type of its code", arguments: ProblemCode.allCases)
    func problem(_ code: ProblemCode) throws {
        let problem = Problem(code, "d", instance: "/x", retryAfter: .milliseconds(1500))
        #expect((400..<600).contains(problem.status))
        #expect(problem.retryAfterSeconds == 2)
        let tree = try json(problem)
        #expect(tree["code"]?.string == code.rawValue)
        #expect(tree["type"]?.string == "about:blank#\(code.rawValue)")
        #expect(tree["title"]?.string?.isEmpty == false)
        #expect(tree["queue"] == nil)
        let data = try JSONEncoder().encode(problem)
        #expect(try JSONDecoder().decode(Problem.self, from: data) == problem)
    }

    @Test("every end of a browser and every refusal has its own word")
    func words() {
        for reason in EndReason.allCases {
            #expect(ProblemCode(reason).rawValue == reason.rawValue)
            #expect(ProblemCode(reason).status == 410)
        }
        let refusals: [Refusal.Reason] = [
            .queueFull, .queueTimeout, .draining, .quarantined, .pressure(.cpu),
            .pressure(.memory), .launchFailed, .keyLimit, .cancelled,
        ]
        for reason in refusals { #expect(ProblemCode(reason).rawValue == reason.word) }
    }
}
