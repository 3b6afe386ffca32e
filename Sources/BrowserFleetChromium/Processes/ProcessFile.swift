// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads small files of `/proc`, which tell no size beforehand.
enum ProcessFile {
    /// The whole file; nil if it cannot be opened or read.
    static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0 { return nil }
            if count == 0 { return all }
            all += chunk[..<count]
        }
    }

    /// The whole file as text.
    static func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Names in a folder, without `.` and `..`; empty if it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let handle = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The real user of a process, which anybody may ask for; nil if it is gone.
    static func user(of pid: pid_t) -> uid_t? {
        let line = text("/proc/\(pid)/status")?.split(separator: "\n")
            .first { $0.hasPrefix("Uid:") }
        let words = line?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count > 1 ? uid_t(words[1]) : nil
    }

    /// Pids of all processes that this one can see.
    static func processes() -> [pid_t] {
        names(in: "/proc").compactMap { pid_t($0) }
    }
}
