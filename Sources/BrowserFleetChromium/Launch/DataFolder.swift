// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Glibc
import Synchronization

/// The folder below `DATA_DIR` that holds the profiles of one launcher, while it has no jails.
///
/// `DATA_DIR/browsers/<launcher>/`, with a locked file in it: whoever gets the lock knows that its
/// owner is dead, in whatever container it lived, and may remove the folder.
final class DataFolder: Sendable {
    private static let lockName = "lock"

    /// The launcher's folder.
    let path: String
    private let parent: String
    private let lock = Mutex<OwnedDescriptor?>(nil)

    /// Names the folder; makes nothing.
    init(dataDirectory: String, launcher: String) {
        parent = "\(dataDirectory)/browsers"
        path = "\(parent)/\(launcher)"
    }

    /// Makes the folder and takes its lock, once.
    ///
    /// - Throws: ``LaunchError`` with code `disk-full` or `data-directory-unusable`.
    func claim() throws(LaunchError) {
        guard lock.withLock({ $0 == nil }) else { return }
        try Self.make(parent, mode: 0o755)
        // Others may pass through, to the one folder that is theirs; not look around.
        try Self.make(path, mode: 0o711)
        let file = "\(path)/\(Self.lockName)"
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Self.error(file, errno)
        }
        lock.withLock { $0 = OwnedDescriptor(descriptor) }
    }

    /// The slots that have a folder of ours.
    func ownSlots() -> [String] { Self.slots(in: path) }

    private static func slots(in folder: String) -> [String] {
        ProcessFile.names(in: folder)
            .filter { $0 != lockName && !$0.hasSuffix(LeftSession.fileSuffix) }
    }

    /// Removes folders of launchers that are dead, after their processes, and of our own those in
    /// `leftovers`; the report counts browsers' folders.
    func sweep(removing leftovers: [String]) async -> SweepReport {
        var report = SweepReport()
        for name in leftovers {
            await BrowserFolder(in: path, slot: name).remove()
            report.folders += 1
        }
        for name in ProcessFile.names(in: parent) {
            let folder = "\(parent)/\(name)"
            if folder != path, Self.isAbandoned(folder) {
                let names = Self.slots(in: folder)
                for name in names {
                    report.processes += await BrowserFolder(in: folder, slot: name).endSession()
                }
                await FolderRemoval.remove(folder)
                report.folders += names.count
            }
        }
        BrowserFolder.removeDanglingLinks()
        return report
    }

    private static func isAbandoned(_ folder: String) -> Bool {
        let descriptor = unsafe open("\(folder)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    private static func make(_ folder: String, mode: mode_t) throws(LaunchError) {
        if SystemPaths.isDirectory(folder) { return }
        let parent = SystemPaths.parent(folder)
        if parent != folder { try make(parent, mode: 0o755) }
        guard unsafe mkdir(folder, mode) == 0 || errno == EEXIST else {
            throw error(folder, errno)
        }
    }

    /// The error for a file or folder that cannot be made.
    static func error(_ path: String, _ number: CInt) -> LaunchError {
        let reason = SpawnError(step: "", error: number).reason
        if number == ENOSPC || number == EDQUOT {
            return LaunchError(
                .diskFull, "There is no room for \(path): \(reason).",
                remedy: "Free disk space, or set DATA_DIR to a folder on another disk.")
        }
        return LaunchError(
            .dataDirectoryUnusable, "\(path) cannot be written: \(reason).",
            remedy: "Make it writable for the server's user, or set DATA_DIR to another folder.")
    }
}
