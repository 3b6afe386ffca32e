// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import Glibc
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

    @Test("a number that is used again is another process")
    func knownProcess() throws {
        let own = KnownProcess(pid: getpid(), start: try #require(ProcessStat(pid: getpid())).start)
        #expect(own.isThere)
        let earlier = KnownProcess(pid: getpid(), start: own.start - 1)
        #expect(!earlier.isThere)
        // Would end the tests if it were believed.
        earlier.kill()
    }

    @Test("the tree of a process holds its children and theirs")
    func tree() async throws {
        let child = try await ChildProcess.spawn(
            SpawnRequest(
                path: "/bin/sh", arguments: ["sh", "-c", "(sleep 1000; :) & sleep 1000; :"],
                environment: ["PATH=/usr/bin:/bin"], descriptors: [nil]))
        for _ in 0..<500 where ProcessTree(root: child.pid).processes.count < 4 {
            try await Task.sleep(for: .milliseconds(10))
        }
        let tree = ProcessTree(root: child.pid)
        #expect(tree.processes.count == 4)
        #expect(tree.processes.first == child.pid)
        child.kill()
        await child.exit()
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
