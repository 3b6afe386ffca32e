// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("The trial of a silent server")
struct EvictionTrialTests {
    @Test(
        "is sure when more than half of those asked were heard afterwards",
        arguments: [
            (0, 0, false), (1, 0, false), (1, 1, true), (2, 1, false), (2, 2, true),
            (3, 1, false), (3, 2, true), (5, 2, false), (5, 3, true),
        ])
    func majority(asked: Int, heard: Int, isSure: Bool) throws {
        let jury = try (0..<asked).map { try ServerName("s\($0)") }
        let called = FleetInstant.origin.advanced(by: .seconds(1))
        let trial = EvictionTrial(jury, within: .milliseconds(333), at: called)
        let before = FleetInstant.origin.advanced(by: .milliseconds(999))
        let verdict = trial.isSure { name in
            jury.prefix(heard).contains(name) ? called : before
        }
        #expect(verdict == isSure)
    }

    @Test("goes on after a pause when it was adjourned")
    func adjourned() {
        var trial = EvictionTrial([], within: .milliseconds(333), at: .origin)
        #expect(trial.nextDeadline == .origin.advanced(by: .milliseconds(333)))
        let later = FleetInstant.origin.advanced(by: .seconds(2))
        trial.adjourn(until: later)
        #expect(trial.nextDeadline == later)
    }
}
