// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Reaps what browsers leave behind where this process is process 1, to which orphans fall.
///
/// Only members of sessions that children of ours began, and never their leaders: a program that
/// embeds us has children of its own, and ``ChildProcess`` waits for ours.
enum OrphanReaper {
    /// Whether orphans fall to this process: a container without an init.
    static let isNeeded = getpid() == 1

    private static let sessions = Mutex<Set<pid_t>>([])

    /// A child of ours began a session with its number.
    static func note(session: pid_t) {
        guard isNeeded else { return }
        _ = sessions.withLock { $0.insert(session) }
    }

    /// Reaps the orphans there are, and forgets sessions that have ended.
    static func reap() {
        guard isNeeded else { return }
        let known = sessions.withLock { $0 }
        var seen: Set<pid_t> = []
        for pid in ProcessFile.processes() {
            guard let stat = ProcessStat(pid: pid), known.contains(stat.session) else { continue }
            seen.insert(stat.session)
            guard !stat.isAlive, stat.parent == getpid(), pid != stat.session else { continue }
            ProcessHandle(pid: pid)?.reap()
        }
        sessions.withLock { $0.subtract(known.subtracting(seen)) }
    }
}
