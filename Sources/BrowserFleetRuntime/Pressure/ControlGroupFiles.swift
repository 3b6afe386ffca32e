// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// The files of this process's control group: version 2, or the two controllers of version 1.
struct ControlGroupFiles: Sendable, Equatable {
    /// Where the file systems are mounted.
    let root: String
    /// Folders with memory figures: the process's own group and those around it, whose limits
    /// hold as well.
    let memoryFolders: [String]
    /// The folder with processor figures: of the innermost group that has a limit.
    let processorFolder: String
    let isVersion2: Bool

    /// Finds the files; nil where the kernel offers none.
    ///
    /// - Parameters:
    ///   - root: where the file systems are mounted.
    ///   - membership: the text of `/proc/self/cgroup`; nil reads it.
    /// - Returns: the files.
    static func find(
        root: String = "/sys/fs/cgroup", membership: String? = nil
    ) -> ControlGroupFiles? {
        let membership = membership ?? SystemFile.read("/proc/self/cgroup") ?? ""
        if SystemFile.read("\(root)/cgroup.controllers") != nil {
            let folders = chain(root, path(in: membership, controller: ""), "cgroup.controllers")
            return ControlGroupFiles(root, memory: folders, processor: folders, isVersion2: true)
        }
        let memory = chain(
            root + "/memory", path(in: membership, controller: "memory"), "memory.limit_in_bytes")
        guard !memory.isEmpty else { return nil }
        let processor = chain(
            root + "/cpu", path(in: membership, controller: "cpu"), "cpu.cfs_quota_us")
        return ControlGroupFiles(root, memory: memory, processor: processor, isVersion2: false)
    }

    private init(_ root: String, memory: [String], processor: [String], isVersion2: Bool) {
        self.root = root
        memoryFolders = memory
        processorFolder =
            processor.first { Self.processorLimit(in: $0, isVersion2) != nil }
            ?? processor.first ?? ""
        self.isVersion2 = isVersion2
    }

    /// The folder of `path` below `root` and those above it, as far as they have `file`. Inside a
    /// container the path may be the host's, and only the root be there: it is the container's.
    private static func chain(_ root: String, _ path: String?, _ file: String) -> [String] {
        var parts = (path ?? "").split(separator: "/")
        var folders: [String] = []
        while true {
            let folder = ([root] + parts.map(String.init)).joined(separator: "/")
            if SystemFile.read("\(folder)/\(file)") != nil { folders.append(folder) }
            guard !parts.isEmpty else { return folders }
            parts.removeLast()
        }
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

    /// Memory that cannot be reclaimed, in per cent of the limit, of the group that is fullest;
    /// nil where there is no limit.
    var memoryUse: Double? {
        memory.map { 100 * Double($0.used) / Double($0.limit) }.max()
    }

    /// Bytes left below the limit that is nearest; nil where there is no limit.
    var memoryLeft: Int64? {
        memory.map { max(0, $0.limit - $0.used) }.min()
    }

    private var memory: [(used: Int64, limit: Int64)] { memoryFolders.compactMap(memory) }

    private func memory(in folder: String) -> (used: Int64, limit: Int64)? {
        let limitFile = isVersion2 ? "memory.max" : "memory.limit_in_bytes"
        let useFile = isVersion2 ? "memory.current" : "memory.usage_in_bytes"
        let cacheKey = isVersion2 ? "inactive_file" : "total_inactive_file"
        // Version 1 writes "no limit" as the largest multiple of a page.
        guard let limit = SystemFile.number("\(folder)/\(limitFile)"), limit > 0,
            limit < 1 << 60, let used = SystemFile.number("\(folder)/\(useFile)")
        else { return nil }
        let cache = SystemFile.number("\(folder)/memory.stat", key: cacheKey) ?? 0
        return (max(0, used - cache), limit)
    }

    /// Processor time the group has used.
    var processorTime: Duration? {
        if isVersion2 {
            return SystemFile.number("\(processorFolder)/cpu.stat", key: "usage_usec")
                .map { .microseconds($0) }
        }
        // The same group in another controller's folder.
        let group = processorFolder.dropFirst("\(root)/cpu".count)
        return SystemFile.number("\(root)/cpuacct\(group)/cpuacct.usage").map { .nanoseconds($0) }
    }

    /// Processors the group may use at once; nil where there is no limit.
    var processorLimit: Double? { Self.processorLimit(in: processorFolder, isVersion2) }

    private static func processorLimit(in folder: String, _ isVersion2: Bool) -> Double? {
        if isVersion2 {
            let words = SystemFile.read("\(folder)/cpu.max")?.split(
                whereSeparator: \.isWhitespace)
            guard let words, words.count == 2, let quota = Double(words[0]),
                let period = Double(words[1]), period > 0
            else { return nil }
            return quota / period
        }
        guard let quota = SystemFile.number("\(folder)/cpu.cfs_quota_us"), quota > 0,
            let period = SystemFile.number("\(folder)/cpu.cfs_period_us"), period > 0
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
