// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A process beyond doubt: a number alone is used again.
struct KnownProcess: Sendable, Hashable {
    /// Its number.
    let pid: pid_t
    /// Its start, in clock ticks since the boot.
    let start: UInt64

    /// Kills exactly this process.
    func kill() {
        // Held first, compared then: the number cannot change hands in between.
        guard let handle = ProcessHandle(pid: pid), isThere else { return }
        handle.kill()
    }

    /// Whether it is there, as a zombie at least.
    var isThere: Bool { ProcessStat(pid: pid)?.start == start }
}
