// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetRuntime

@Suite("System pressure")
struct SystemPressureTests {
    @Test("processor use is what was neither idle nor waiting for disks between two readings")
    func processorUse() throws {
        let before = try #require(HostProcessorTimes(procStat: "cpu  10 0 10 80 0 0 0 0 0 0\n"))
        let after = try #require(HostProcessorTimes(procStat: "cpu  40 0 20 120 20 0 0 0 0 0\n"))
        #expect(after.use(since: before) == 40)
        #expect(before.use(since: before) == nil)
    }

    @Test("guest time is not counted twice")
    func guestTime() throws {
        let times = try #require(HostProcessorTimes(procStat: "cpu  10 0 0 10 0 0 0 0 5 5\n"))
        #expect(times.total == 20)
    }

    @Test("memory use is what the kernel does not call available")
    func memory() throws {
        let text = "MemTotal:    1000 kB\nMemFree:  10 kB\nMemAvailable:   250 kB\n"
        #expect(try #require(MemoryInfo(text: text)).use == 75)
        #expect(MemoryInfo(text: "MemFree: 1 kB\n") == nil)
    }

    @Test(
        "the path of a controller is found in both versions",
        arguments: [
            ("0::/fleet.slice/a.service\n", "", "/fleet.slice/a.service"),
            ("0::/\n", "", ""),
            ("3:cpu,cpuacct:/box\n4:memory:/box/m\n", "memory", "/box/m"),
            ("3:cpu,cpuacct:/box\n4:memory:/box/m\n", "cpu", "/box"),
        ])
    func controllerPath(membership: String, controller: String, path: String) {
        #expect(ControlGroupFiles.path(in: membership, controller: controller) == path)
    }

    @Test("a reading of this machine has figures that make sense")
    func thisMachine() {
        let reader = SystemPressure()
        _ = reader.sample()
        let memory = reader.sample().host.memory
        #expect(memory.map { (0.0...100.0).contains($0) } ?? true)
    }
}
