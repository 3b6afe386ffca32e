// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Removes a folder with all that is in it, never following a link out of it.
enum FolderRemoval {
    /// Removes `path`; what cannot be removed stays for the next sweep.
    static func remove(_ path: String) async {
        // Hundreds of small files: milliseconds, but not on a thread that others wait for.
        await Task.detached { removeNow(path) }.value
    }

    private static func removeNow(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor >= 0 {
            close(descriptor)
            for name in ProcessFile.names(in: path) {
                let inner = "\(path)/\(name)"
                if unsafe unlink(inner) != 0 { removeNow(inner) }
            }
        }
        _ = unsafe rmdir(path)
    }
}
