// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One jail as a value; ``arguments`` is the command line that makes it.
///
/// What is inside: the system's programs and libraries read-only, fonts and certificates, empty
/// file systems in memory for home, `/tmp` and `/dev/shm`, a user list with one name in it. What
/// is not: any other file of the host, its processes, its network, its host name.
struct JailCommand: Sendable, Equatable {
    /// Descriptor numbers inside the jail's first process; 0 to 2 are the usual ones.
    enum Descriptor {
        /// The DevTools pipe, as Chromium numbers it.
        static let commands = 3
        /// The DevTools pipe's other half.
        static let answers = 4
        /// Where bwrap tells the child's pid.
        static let info = 5
        /// What holds the jail back until it can be read.
        static let block = 6
        /// The text of `/etc/passwd`.
        static let users = 7
        /// The text of `/etc/group`.
        static let groups = 8
    }

    /// Home of the only user inside, and the working folder.
    static let home = "/home/browser"
    /// The browser's profile, in ``home``.
    static let profile = "/home/browser/profile"

    /// Parts of `/etc` that Chromium and its libraries read and that name nobody.
    static let configuration = [
        "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf",
        "/etc/ld.so.conf.d", "/etc/mime.types", "/etc/pki/tls/certs", "/etc/ssl/certs",
    ]

    /// What fontconfig has found out about the system's fonts; finding it out anew takes each
    /// start 40 ms.
    static let fontCache = "/var/cache/fontconfig"

    /// Absolute path of bubblewrap.
    var bubblewrap: String
    /// Folders to show read-only at the same place, besides `/usr`; where Chromium lives if not there.
    var programFolders: [String] = []
    /// Bytes that home may hold; `/tmp` and `/dev/shm` may hold half of it each.
    var scratchBytes: Int64
    /// Whose browser this is; shows in the process list and in the jail's environment.
    var owner: OwnerMark
    /// The environment inside, in order.
    var environment: [(name: String, value: String)]
    /// The program and its arguments.
    var command: [String]

    /// The command line, `argv[0]` included.
    var arguments: [String] {
        [bubblewrap] + isolation + system + scratch + identity + ["--"] + command
    }

    static func == (left: JailCommand, right: JailCommand) -> Bool {
        left.arguments == right.arguments
    }

    private var isolation: [String] {
        [
            // No --new-session: the spawn has begun one already, and a second would take the
            // processes out of the child's group.
            "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--hostname", "browser",
            "--info-fd", "\(Descriptor.info)", "--block-fd", "\(Descriptor.block)",
        ]
    }

    private var system: [String] {
        var words = ["--ro-bind", "/usr", "/usr"]
        for folder in ["bin", "lib", "lib32", "lib64", "sbin"] {
            words += ["--symlink", "usr/\(folder)", "/\(folder)"]
        }
        for path in Self.configuration + [Self.fontCache] + programFolders {
            words += ["--ro-bind-try", path, path]
        }
        return words + ["--proc", "/proc", "--dev", "/dev"]
    }

    private var scratch: [String] {
        let half = "\(scratchBytes / 2)"
        return [
            "--size", half, "--tmpfs", "/dev/shm",
            "--size", half, "--perms", "1777", "--tmpfs", "/tmp",
            "--size", "\(scratchBytes)", "--perms", "0700", "--tmpfs", Self.home,
        ]
    }

    private var identity: [String] {
        var words = [
            "--file", "\(Descriptor.users)", "/etc/passwd",
            "--file", "\(Descriptor.groups)", "/etc/group",
            // Everything is in place: the root itself takes no more files.
            "--remount-ro", "/", "--chdir", Self.home, "--clearenv",
        ]
        for (name, value) in environment + [(OwnerMark.variable, owner.text)] {
            words += ["--setenv", name, value]
        }
        return words
    }

    /// The text of `/etc/passwd` inside: the browser's user, whatever its number is outside.
    static func users(uid: UInt32, gid: UInt32) -> String {
        "browser:x:\(uid):\(gid):browser:\(home):/usr/sbin/nologin\n"
    }

    /// The text of `/etc/group` inside.
    static func groups(gid: UInt32) -> String {
        "browser:x:\(gid):\n"
    }
}
