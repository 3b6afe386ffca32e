// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The memory of this process in bytes, from `/proc/self/statm`; zeros where there is none.
struct ProcessMemory: Hashable, Sendable {
    /// Resident.
    var resident: Int64 = 0
    /// Of these, not shared with files: what the heap and stacks use.
    var used: Int64 = 0
    /// Data and stacks as reserved.
    var reserved: Int64 = 0

    /// Reads the figures of now.
    static func current() -> ProcessMemory {
        guard let bytes = try? PrivateFile.contents(of: "/proc/self/statm") else {
            return ProcessMemory()
        }
        let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            .compactMap { Int64($0) }
        guard pages.count >= 6 else { return ProcessMemory() }
        let size = Int64(getpagesize())
        return ProcessMemory(
            resident: pages[1] * size, used: (pages[1] - pages[2]) * size,
            reserved: pages[5] * size)
    }

    /// The machine's name.
    static func hostname() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        let name = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: name, as: UTF8.self)
    }
}
