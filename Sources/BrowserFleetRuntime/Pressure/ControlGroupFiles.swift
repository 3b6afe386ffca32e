// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// The files of this process's control group: version 2, or the two controllers of version 1.
struct ControlGroupFiles: Sendable, Equatable {
    /// Where memory figures stand, and where processor figures do.
    let memoryFolder: String
    let processorFolder: String
    let isVersion2: Bool

    /// Finds the files; nil where the kernel offers none.
    static func find(root: String = "/sys/fs/cgroup") -> ControlGroupFiles? {
        let membership = SystemFile.read("/proc/self/cgroup") ?? ""
        if SystemFile.read("\(root)/cgroup.controllers") != nil {
            let own = path(in: membership, controller: "") ?? "/"
            let folder = own == "/" ? root : root + own
            return ControlGroupFiles(
                memoryFolder: folder, processorFolder: folder, isVersion2: true)
        }
        guard SystemFile.read("\(root)/memory/memory.limit_in_bytes") != nil else { return nil }
        return ControlGroupFiles(
            memoryFolder: root + "/memory" + (path(in: membership, controller: "memory") ?? ""),
            processorFolder: root + "/cpu" + (path(in: membership, controller: "cpu") ?? ""),
            isVersion2: false)
    }

    /// The path of a controller in `/proc/self/cgroup`: lines of `number:controllers:path`.
    static func path(in membership: String, controller: String) -> String? {
        for line in membership.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let names = parts[1].split(separator: ",")
            if names.contains(Substring(controller)) || (controller.isEmpty && parts[1].isEmpty) {
                return parts[2] == "/" ? "" : String(parts[2])
            }
        }
        return nil
    }

    /// Memory that cannot be reclaimed, in per cent of the limit; nil where there is no limit.
    var memoryUse: Double? {
        let limitFile = isVersion2 ? "memory.max" : "memory.limit_in_bytes"
        let useFile = isVersion2 ? "memory.current" : "memory.usage_in_bytes"
        let cacheKey = isVersion2 ? "inactive_file" : "total_inactive_file"
        // Version 1 writes "no limit" as the largest multiple of a page.
        guard let limit = SystemFile.number("\(memoryFolder)/\(limitFile)"), limit > 0,
            limit < 1 << 60, let used = SystemFile.number("\(memoryFolder)/\(useFile)")
        else { return nil }
        let cache = SystemFile.number("\(memoryFolder)/memory.stat", key: cacheKey) ?? 0
        return 100 * Double(max(0, used - cache)) / Double(limit)
    }

    /// Processor time the group has used.
    var processorTime: Duration? {
        if isVersion2 {
            return SystemFile.number("\(processorFolder)/cpu.stat", key: "usage_usec")
                .map { .microseconds($0) }
        }
        let folder = processorFolder.replacing("/cgroup/cpu", with: "/cgroup/cpuacct")
        return SystemFile.number("\(folder)/cpuacct.usage").map { .nanoseconds($0) }
    }

    /// Processors the group may use at once; nil where there is no limit.
    var processorLimit: Double? {
        if isVersion2 {
            let words = SystemFile.read("\(processorFolder)/cpu.max")?.split(
                whereSeparator: \.isWhitespace)
            guard let words, words.count == 2, let quota = Double(words[0]),
                let period = Double(words[1]), period > 0
            else { return nil }
            return quota / period
        }
        guard let quota = SystemFile.number("\(processorFolder)/cpu.cfs_quota_us"), quota > 0,
            let period = SystemFile.number("\(processorFolder)/cpu.cfs_period_us"), period > 0
        else { return nil }
        return Double(quota) / Double(period)
    }
}

/// One reading of the group's processor time.
struct GroupProcessorReading: Equatable, Sendable {
    /// When it was read.
    let at: FleetInstant
    /// Processor time used by then.
    let used: Duration

    /// Use since `earlier` in per cent of `limit` processors; nil if no time has passed.
    func use(since earlier: GroupProcessorReading, limit: Double) -> Double? {
        let passed = earlier.at.duration(to: at).wholeNanoseconds
        guard passed > 0, limit > 0 else { return nil }
        return 100 * Double((used - earlier.used).wholeNanoseconds) / (Double(passed) * limit)
    }
}
