// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The memory that a jail's files take.
enum JailStorage {
    /// Bytes in home and `/tmp`, both in memory; 0 where that cannot be read. `/dev/shm` is left
    /// out: what is in it is mapped and counted with the processes.
    static func usedBytes(root: pid_t) -> Int64 {
        [JailCommand.home, "/tmp"].reduce(0) { $0 + used("/proc/\(root)/root\($1)") }
    }

    private static func used(_ path: String) -> Int64 {
        var information = statvfs()
        guard unsafe statvfs(path, &information) == 0 else { return 0 }
        let blocks = Int64(information.f_blocks) - Int64(information.f_bfree)
        return max(blocks, 0) * Int64(information.f_frsize)
    }
}
