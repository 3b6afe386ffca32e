// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import Testing

@Suite("Reading /proc") struct ProcessReadingTests {
    @Test("a command's name may hold anything without confusing the fields")
    func statFields() throws {
        let text = "42 (a) R 9) b) S 1 42 42 0 -1 4194560 1 2 3 4 50 60 7 8 20 0 1 0 98765 1 2 3"
        let stat = try #require(ProcessStat(text: text))
        #expect(stat.state == "S")
        #expect(stat.ticks == 50 + 60 + 7 + 8)
        #expect(stat.start == 98765)
    }

    @Test("a zombie does not live")
    func zombie() throws {
        let text = "42 (x) Z 1 42 42 0 -1 4194560 1 2 3 4 0 0 0 0 20 0 1 0 5 1 2 3"
        #expect(try #require(ProcessStat(text: text)).isAlive == false)
    }

    @Test("text that is cut short is no reading", arguments: ["", "42 (x", "42 (x) S 1 2"])
    func short(text: String) {
        #expect(ProcessStat(text: text) == nil)
    }

    @Test("the proportional set is read in kilobytes")
    func pss() {
        let text = "55 - 7f rollup\nRss: 900 kB\nPss:      123 kB\nPss_Dirty: 5 kB\n"
        #expect(ProcessTree.pss(in: text) == Int64(123 * 1024))
        #expect(ProcessTree.pss(in: "Rss: 1 kB\n") == nil)
    }

    @Test("available memory is read in kilobytes")
    func memory() {
        #expect(
            MemoryBudget.machineBytes(in: "MemTotal: 9 kB\nMemAvailable:  100 kB\n") == 102_400)
    }
}
