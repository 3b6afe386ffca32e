// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The limit of open files of this process.
enum OpenFiles {
    /// Raises the soft limit to the hard one: the soft one is kept low (often 1,024) for programs
    /// that use `select`, which this is not. Browsers get a limit of their own when they start.
    ///
    /// - Returns: the limit now in force.
    static func raise() -> Int {
        #if canImport(Glibc)
        let files = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
        #else
        let files = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(files, &limit) == 0 else { return lowest }
        var raised = limit
        raised.rlim_cur = raised.rlim_max
        if unsafe setrlimit(files, &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }

    /// What POSIX systems grant at least in practice.
    private static let lowest = 1024
}
