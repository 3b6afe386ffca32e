// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What memory is left for browsers: the smaller of the control group's and the machine's.
enum MemoryBudget {
    /// Bytes; nil if the system does not tell.
    static func availableBytes() -> Int64? {
        guard let machine = ProcessFile.text("/proc/meminfo").flatMap(machineBytes) else {
            return nil
        }
        return min(machine, groupBytes() ?? machine)
    }

    /// `MemAvailable` of `/proc/meminfo`.
    static func machineBytes(in text: String) -> Int64? {
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("MemAvailable:") {
            let words = line.split(separator: " ")
            return words.count > 1 ? Int64(words[1]).map { $0 * 1024 } : nil
        }
        return nil
    }

    private static func groupBytes() -> Int64? {
        guard let limit = number("/sys/fs/cgroup/memory.max"),
            let used = number("/sys/fs/cgroup/memory.current")
        else { return nil }
        return max(limit - used, 0)
    }

    private static func number(_ path: String) -> Int64? {
        ProcessFile.text(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Int64($0) }
    }
}
