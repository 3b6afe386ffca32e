// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import FoundationEssentials
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

    @Test("the limit that is nearest counts, whoever around the process set it")
    func version2() throws {
        let folder = try FigureFolder([
            "cgroup.controllers": "cpu memory\n",
            "a/cgroup.controllers": "", "a/memory.max": "1000\n", "a/memory.current": "900\n",
            "a/memory.stat": "anon 1\ninactive_file 100\n", "a/cpu.max": "150000 100000\n",
            "a/cpu.stat": "usage_usec 5000000\n",
            "a/b/cgroup.controllers": "", "a/b/memory.max": "max\n",
            "a/b/memory.current": "700\n", "a/b/cpu.max": "max 100000\n",
        ])
        let group = try #require(
            ControlGroupFiles.find(root: folder.path, membership: "0::/a/b\n"))
        #expect(group.memoryUse == 80)
        #expect(group.memoryLeft == 200)
        #expect(group.processorLimit == 1.5)
        #expect(group.processorTime == .seconds(5))
    }

    @Test("version 1 is read by the host's path, or by the container's root where that is all")
    func version1() throws {
        let folder = try FigureFolder([
            "memory/memory.limit_in_bytes": "2000\n", "memory/memory.usage_in_bytes": "1000\n",
            "memory/memory.stat": "total_inactive_file 500\n",
            "cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "100000\n",
            "cpuacct/cpuacct.usage": "3000000000\n",
        ])
        for path in ["/", "/docker/0123"] {
            let group = try #require(
                ControlGroupFiles.find(
                    root: folder.path, membership: "4:memory:\(path)\n3:cpu,cpuacct:\(path)\n"))
            #expect(group.memoryUse == 25)
            #expect(group.processorLimit == 0.5)
            #expect(group.processorTime == .seconds(3))
        }
    }

    @Test("no limit is no figure, so that the host's counts")
    func unlimited() throws {
        let folder = try FigureFolder([
            "memory/memory.limit_in_bytes": "9223372036854771712\n",
            "memory/memory.usage_in_bytes": "1000\n", "cpu/cpu.cfs_quota_us": "-1\n",
        ])
        let group = try #require(
            ControlGroupFiles.find(root: folder.path, membership: "4:memory:/\n3:cpu:/\n"))
        #expect(group.memoryUse == nil && group.memoryLeft == nil && group.processorLimit == nil)
        #expect(ControlGroupFiles.find(root: folder.path + "/cpu", membership: "") == nil)
    }

    @Test("a reading of this machine has figures that make sense")
    func thisMachine() {
        let reader = SystemPressure()
        _ = reader.sample()
        let memory = reader.sample().host.memory
        #expect(memory.map { (0.0...100.0).contains($0) } ?? true)
    }
}

/// Files as the kernel would show them, removed with this value.
private final class FigureFolder: Sendable {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "browserfleet-figures-\(UUID().uuidString)").path

    init(_ files: [String: String]) throws {
        for (name, text) in files {
            let file = URL(filePath: "\(path)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
