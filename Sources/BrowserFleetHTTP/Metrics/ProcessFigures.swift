// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What this process holds of the machine, by the names that Prometheus' own clients use.
struct ProcessFigures: Hashable, Sendable {
    /// Processor time of all threads, in seconds.
    var processorSeconds: Double
    /// Open file descriptors; `nil` where nothing tells.
    var openDescriptors: Int?

    /// Reads the figures of now.
    static func current() -> ProcessFigures {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        return ProcessFigures(
            processorSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9,
            openDescriptors: open)
    }
}
