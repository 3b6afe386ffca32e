// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The processor times of the whole host, in clock ticks since boot (proc(5), `/proc/stat`).
struct HostProcessorTimes: Equatable {
    /// All ticks of all processors.
    let total: Int64
    /// Those in which nothing ran: idle and waiting for disks.
    let idle: Int64

    /// Reads the `cpu` line; nil if there is none.
    init?(procStat text: String) {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else {
            return nil
        }
        let ticks = line.split(separator: " ").dropFirst().compactMap { Int64($0) }
        // Guest time is counted in user time already, so only the first eight columns add up.
        guard ticks.count >= 5 else { return nil }
        total = ticks.prefix(8).reduce(0, +)
        idle = ticks[3] + ticks[4]
    }

    /// Use since `earlier` in per cent of all processors; nil if no time has passed.
    func use(since earlier: HostProcessorTimes) -> Double? {
        let passed = total - earlier.total
        guard passed > 0 else { return nil }
        return 100 * Double(passed - (idle - earlier.idle)) / Double(passed)
    }
}

/// The host's memory (proc(5), `/proc/meminfo`), in KiB.
struct MemoryInfo: Equatable {
    /// All there is.
    let total: Int64
    /// What a new program could have without swapping, the kernel's own estimate.
    let available: Int64

    /// Reads `MemTotal` and `MemAvailable`; nil if one is missing.
    init?(text: String) {
        func value(_ key: String) -> Int64? {
            for line in text.split(separator: "\n") where line.hasPrefix(key + ":") {
                return line.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
            }
            return nil
        }
        guard let total = value("MemTotal"), total > 0, let available = value("MemAvailable") else {
            return nil
        }
        self.total = total
        self.available = available
    }

    /// Use in per cent.
    var use: Double { 100 * Double(total - available) / Double(total) }
}
