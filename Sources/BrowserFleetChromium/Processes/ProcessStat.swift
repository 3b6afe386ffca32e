// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The fields of `/proc/PID/stat` that we use (proc_pid_stat(5)).
struct ProcessStat: Sendable, Equatable {
    /// One letter; `Z` is a zombie.
    var state: Character
    /// The parent's number; 0 if it is in another PID namespace.
    var parent: pid_t
    /// The number of the process that began its session.
    var session: pid_t
    /// Clock ticks in user mode, in the kernel, and of reaped children in both.
    var ticks: UInt64
    /// The start, in clock ticks since the boot.
    var start: UInt64

    /// Reads a process; nil if it is gone.
    init?(pid: pid_t) {
        guard let text = ProcessFile.text("/proc/\(pid)/stat") else { return nil }
        self.init(text: text)
    }

    /// Reads the file's text. The command's name, in parentheses, may hold anything.
    init?(text: String) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        // fields[0] is field 3 of the manual page.
        let fields = text[text.index(after: end)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 19, let state = fields[0].first,
            let parent = pid_t(fields[1]), let session = pid_t(fields[3]),
            let start = UInt64(fields[19])
        else { return nil }
        self.state = state
        self.parent = parent
        self.session = session
        self.start = start
        // Fields 14 to 17: utime, stime, cutime, cstime.
        ticks = fields[11...14].reduce(0) { $0 + (UInt64($1) ?? 0) }
    }

    /// Whether the process runs: neither gone nor a zombie.
    var isAlive: Bool { state != "Z" && state != "X" }

    /// Clock ticks as a duration.
    static func duration(ofTicks ticks: UInt64) -> Duration {
        let perSecond = UInt64(max(sysconf(CInt(_SC_CLK_TCK)), 1))
        let nanoseconds = ticks % perSecond * 1_000_000_000 / perSecond
        return .seconds(Int64(ticks / perSecond)) + .nanoseconds(Int64(nanoseconds))
    }
}
