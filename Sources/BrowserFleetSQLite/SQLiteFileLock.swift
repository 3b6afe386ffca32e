// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps a second process from the file, which would be told nothing of this one's events. Held
/// by a file beside it, and let go by the kernel when the process ends in whatever way.
final class SQLiteFileLock: Sendable {
    private let descriptor: CInt

    init(besides path: String) throws(StoreError) {
        let place = "\(path).lock"
        descriptor = unsafe open(place, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(
                .unusable,
                "\(place) cannot be made: \(Self.reason); the store's folder has to be writable")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError(
                .unusable,
                "another process has the store \(path); stop it, or give this one its own file")
        }
    }

    deinit {
        close(descriptor)
    }

    private static var reason: String { unsafe String(cString: strerror(errno)) }
}
