// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Small files that only their owner may read: keys and secrets.
package enum PrivateFile {
    /// What tells a changed file from an unchanged one.
    struct Stamp: Equatable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    /// The bytes of a file; `nil` if there is none.
    static func contents(of path: String) throws(KeyRingError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else { return nil }
            throw KeyRingError(.unreadable, "\(path) cannot be opened: \(reason()).")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let capacity = chunk.count
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress, capacity)
            }
            guard count >= 0 else {
                throw KeyRingError(.unreadable, "\(path) cannot be read: \(reason()).")
            }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Writes a file beside the old one with mode 0600 and puts it in its place.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(KeyRingError) {
        let temporary = "\(path).\(getpid()).new"
        let descriptor = unsafe open(
            temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw KeyRingError(.unwritable, "\(temporary) cannot be made: \(reason()).")
        }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            guard count > 0 else { break }
            written += count
        }
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWhole, unsafe rename(temporary, path) == 0 else {
            let cause = reason()
            _ = unsafe unlink(temporary)
            throw KeyRingError(.unwritable, "\(path) cannot be written: \(cause).")
        }
    }

    /// The stamp of a file; `nil` if there is none.
    static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return Stamp(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: time.tv_sec,
            nanoseconds: time.tv_nsec)
    }

    private static func reason() -> String {
        unsafe String(cString: strerror(errno))
    }
}
