// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import CBrowserFleetSpawn
import Glibc
import Synchronization

/// A file descriptor with one owner, closed once.
final class OwnedDescriptor: Sendable {
    private let number: Mutex<CInt>

    init(_ number: CInt) {
        self.number = Mutex(number)
    }

    deinit {
        close()
    }

    /// The descriptor, still owned here; -1 when closed or given away.
    var borrowed: CInt { number.withLock { $0 } }

    /// Gives the descriptor to a new owner; -1 when it is gone.
    func take() -> CInt {
        number.withLock { number in
            defer { number = -1 }
            return number
        }
    }

    /// Closes it, unless that happened before.
    func close() {
        let descriptor = take()
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }
}

/// The two ends of a pipe, closed on exec.
struct Pipe: Sendable {
    let read: OwnedDescriptor
    let write: OwnedDescriptor

    init() throws(SpawnError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe bfs_pipe(&ends) == 0 else {
            throw SpawnError(step: "pipe", error: errno)
        }
        read = OwnedDescriptor(ends[0])
        write = OwnedDescriptor(ends[1])
    }

    /// A pipe that holds `text` and then its end: a small file for a child to read.
    init(holding text: String) throws(SpawnError) {
        try self.init()
        let bytes = Array(text.utf8)
        // A pipe takes 64 KiB without a reader; these are a few lines.
        precondition(bytes.count < 4096)
        let written = unsafe Glibc.write(write.borrowed, bytes, bytes.count)
        guard written == bytes.count else { throw SpawnError(step: "pipe", error: errno) }
        write.close()
    }
}

/// Why a process could not be started.
struct SpawnError: Error, Sendable, Equatable {
    /// The system call, such as `execve`.
    var step: String
    /// Its `errno`.
    var error: CInt

    /// What the system says of `error`.
    var reason: String {
        unsafe strerror(error).map { unsafe String(cString: $0) } ?? "error \(error)"
    }
}
