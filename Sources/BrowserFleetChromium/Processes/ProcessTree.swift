// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Glibc

/// A process and all that it started, read from `/proc` at one moment.
struct ProcessTree: Sendable {
    /// Pids, parents before children.
    let processes: [pid_t]

    /// Reads the tree below and including `root`; empty if it is gone.
    ///
    /// In a jail nothing can leave the tree: orphans become children of the jail's first process.
    init(root: pid_t) {
        var found: [pid_t] = []
        var pending = [root]
        while let pid = pending.popLast() {
            let threads = ProcessFile.names(in: "/proc/\(pid)/task")
            guard !threads.isEmpty else { continue }
            found.append(pid)
            for thread in threads {
                pending += Self.children("/proc/\(pid)/task/\(thread)/children")
            }
        }
        processes = found
    }

    private static func children(_ path: String) -> [pid_t] {
        guard let text = ProcessFile.text(path) else { return [] }
        return text.split(separator: " ").compactMap { pid_t($0) }
    }

    /// Memory and processor time of all of them; nil if the tree is empty.
    func resources() -> BrowserResources? {
        guard !processes.isEmpty else { return nil }
        var memory: Int64 = 0
        var ticks: UInt64 = 0
        for pid in processes {
            memory += Self.proportionalSet(pid)
            ticks += ProcessStat(pid: pid)?.ticks ?? 0
        }
        return BrowserResources(
            memory: memory, processorTime: ProcessStat.duration(ofTicks: ticks),
            processes: processes.count)
    }

    /// Bytes of memory, shared pages divided among their users; where the kernel does not tell
    /// (no permission), what is resident and not shared.
    static func proportionalSet(_ pid: pid_t) -> Int64 {
        if let text = ProcessFile.text("/proc/\(pid)/smaps_rollup"), let size = pss(in: text) {
            return size
        }
        let fields = ProcessFile.text("/proc/\(pid)/statm")?.split(separator: " ") ?? []
        guard fields.count > 2, let resident = Int64(fields[1]), let shared = Int64(fields[2])
        else { return 0 }
        return max(resident - shared, 0) * Int64(sysconf(CInt(_SC_PAGESIZE)))
    }

    /// The `Pss:` line of a `smaps_rollup`, in bytes.
    static func pss(in text: String) -> Int64? {
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("Pss:") {
            let words = line.split(separator: " ")
            return words.count == 3 ? Int64(words[1]).map { $0 * 1024 } : nil
        }
        return nil
    }
}
