// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Checks in a row")
struct RiseFallTests {
    /// The rule as a load balancer's manual words it, over the whole history: what the last checks
    /// say if enough of them agree, else what was thought before.
    private static func model(_ checks: [Bool], rise: Int, fall: Int) -> RiseFall.State {
        var state = RiseFall.State.initial
        for end in checks.indices {
            let history = checks[...end]
            let passed = history.reversed().prefix { $0 }.count
            let failed = history.reversed().prefix { !$0 }.count
            let needed = state == .initial ? 1 : rise
            if passed >= needed { state = .healthy }
            if failed >= fall { state = .unhealthy }
        }
        return state
    }

    @Test("equal the manual's rule on 100,000 random sequences")
    func reference() {
        var random = SeededGenerator(seed: 9)
        for round in 0..<100_000 {
            let rise = Int.random(in: 1...5, using: &random)
            let fall = Int.random(in: 1...5, using: &random)
            let bias = Int.random(in: 1...9, using: &random)
            let checks = (0..<Int.random(in: 0...16, using: &random)).map { _ in
                Int.random(in: 0..<10, using: &random) < bias
            }
            var counter = RiseFall(rise: rise, fall: fall)
            for check in checks { _ = counter.observe(passed: check) }
            let expected = Self.model(checks, rise: rise, fall: fall)
            if counter.state != expected {
                Issue.record("round \(round): \(checks) with \(rise), \(fall): \(counter.state)")
                return
            }
        }
    }

    /// AWS ALB: a registering target is healthy after one pass; then 3 failures, 2 passes.
    @Test(
        "turn as AWS documents for its Application Load Balancer",
        arguments: [
            ("+", "h"), ("--+", "--h"), ("---", "--u"), ("+---", "h--u"), ("+--+--+", "h------"),
            ("+---+-++", "h--u---h"), ("---+-+-++", "--u-----h"),
        ])
    func balancer(checks: String, changes: String) {
        var counter = RiseFall(rise: 2, fall: 3)
        let seen = checks.map { check in
            counter.observe(passed: check == "+").map { String($0.rawValue.prefix(1)) } ?? "-"
        }
        #expect(seen.joined() == changes)
    }
}
