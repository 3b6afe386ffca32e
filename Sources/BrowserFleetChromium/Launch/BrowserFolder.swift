// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Glibc

/// The folder of one browser without a jail: home, profile and temporary files.
///
/// Chromium puts a socket into its temporary folder, and a socket's path may have 107 bytes only;
/// so it is given a short name for the folder, a link in `/tmp`.
struct BrowserFolder: Sendable, Equatable {
    private static let linkFolder = "/tmp"
    private static let linkPrefix = "browserfleet-"

    /// The folder itself.
    let path: String
    /// The file beside it that tells which processes are the browser's.
    let sessionFile: String
    /// The link to it.
    let link: String

    /// Names a browser's folder in its launcher's.
    init(in launcherFolder: String, slot: String) {
        path = "\(launcherFolder)/\(slot)"
        sessionFile = path + LeftSession.fileSuffix
        let launcher = launcherFolder.split(separator: "/").last ?? ""
        link = "\(Self.linkFolder)/\(Self.linkPrefix)\(launcher)-\(slot)"
    }

    /// Makes the folder, owned by the browser's user.
    func make(for identity: ProcessIdentity?) throws(LaunchError) {
        guard unsafe mkdir(path, 0o700) == 0 else { throw DataFolder.error(path, errno) }
        _ = unsafe unlink(link)
        guard unsafe symlink(path, link) == 0 else { throw DataFolder.error(link, errno) }
        guard let identity else { return }
        guard unsafe chown(path, identity.uid, identity.gid) == 0 else {
            throw DataFolder.error(path, errno)
        }
    }

    /// Writes down whose the folder is, for the sweep of a later server. Best effort: it only ever
    /// helps where the browser's processes cannot be asked for their mark.
    func note(session leader: pid_t) {
        guard let stat = ProcessStat(pid: leader) else { return }
        LeftSession(leader: KnownProcess(pid: leader, start: stat.start)).write(to: sessionFile)
    }

    /// Ends the processes whose folder it is, returns when they are gone, and answers how many there
    /// were.
    func endSession() async -> Int {
        var information = stat()
        guard unsafe lstat(path, &information) == 0, let session = LeftSession(file: sessionFile)
        else { return 0 }
        return await session.kill(of: information.st_uid)
    }

    /// Removes the folder and its link.
    func remove() async {
        _ = unsafe unlink(link)
        _ = unsafe unlink(sessionFile)
        await FolderRemoval.remove(path)
    }

    /// Removes links of ours whose folder is gone.
    static func removeDanglingLinks() {
        for name in ProcessFile.names(in: linkFolder) where name.hasPrefix(linkPrefix) {
            let link = "\(linkFolder)/\(name)"
            var information = stat()
            guard unsafe lstat(link, &information) == 0, information.st_uid == geteuid(),
                information.st_mode & S_IFMT == S_IFLNK, SystemPaths.resolved(link) == nil
            else { continue }
            _ = unsafe unlink(link)
        }
    }
}
