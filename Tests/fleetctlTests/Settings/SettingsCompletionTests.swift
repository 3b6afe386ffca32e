// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

struct SettingsCompletionTests {
    @Test("every flag that help names is offered")
    func flags() {
        let offered = SettingsCompletion.candidates(after: "serve")
        for line in SettingsHelp.text.split(separator: "\n") where line.hasPrefix("  --") {
            let flag = line.split(separator: " ").first.map(String.init) ?? ""
            #expect(offered.contains(flag), "\(flag)")
        }
        #expect(Set(offered).count == offered.count)
        #expect(SettingsCompletion.candidates(after: "--insecure") == offered)
    }

    @Test(
        "a flag of a few words offers these, a flag of any text nothing",
        arguments: [
            ("--log-format", ["text", "json"]), ("--profile", ["light", "medium", "heavy"]),
            ("--isolation", ["jail", "container"]), ("--port", []), ("--what", []),
        ])
    func values(_ word: String, _ values: [String]) {
        #expect(SettingsCompletion.candidates(after: word) == values)
    }
}
