// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A process that carries an owner mark.
struct MarkedProcess: Sendable {
    /// Which one.
    let process: KnownProcess
    /// Whose it is.
    let mark: OwnerMark

    /// All processes that carry a mark, zombies left out.
    static func all() -> [MarkedProcess] {
        ProcessFile.processes().compactMap(MarkedProcess.init)
    }

    private init?(pid: pid_t) {
        guard let mark = Self.mark(of: pid), let stat = ProcessStat(pid: pid), stat.isAlive else {
            return nil
        }
        process = KnownProcess(pid: pid, start: stat.start)
        self.mark = mark
    }

    // bubblewrap has the mark in its arguments, everything inside a jail in its environment.
    private static func mark(of pid: pid_t) -> OwnerMark? {
        if let words = ProcessFile.bytes("/proc/\(pid)/cmdline")?.split(separator: 0),
            let name = words.firstIndex(where: { $0.elementsEqual(OwnerMark.variable.utf8) }),
            name + 1 < words.endIndex
        {
            return OwnerMark(String(decoding: words[name + 1], as: UTF8.self))
        }
        let start = Array("\(OwnerMark.variable)=".utf8)
        guard let environment = ProcessFile.bytes("/proc/\(pid)/environ")?.split(separator: 0),
            let variable = environment.first(where: { $0.starts(with: start) })
        else { return nil }
        return OwnerMark(String(decoding: variable.dropFirst(start.count), as: UTF8.self))
    }
}
