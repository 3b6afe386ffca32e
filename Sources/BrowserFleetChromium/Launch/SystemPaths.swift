// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Glibc

/// Questions to the file system and the user list, asked once per launcher.
enum SystemPaths {
    /// The first executable file among absolute paths and names to be found in `PATH`.
    static func executable(among candidates: [String]) -> String? {
        let folders = environment("PATH").map { $0.split(separator: ":").map(String.init) } ?? []
        for candidate in candidates {
            if candidate.hasPrefix("/") {
                if isExecutable(candidate) { return candidate }
                continue
            }
            for folder in folders + ["/usr/local/bin", "/usr/bin", "/bin"] {
                let path = "\(folder)/\(candidate)"
                if isExecutable(path) { return path }
            }
        }
        return nil
    }

    /// Whether there is a file here that this process may run.
    static func isExecutable(_ path: String) -> Bool {
        unsafe access(path, X_OK) == 0 && !isDirectory(path)
    }

    /// Whether there is a folder here.
    static func isDirectory(_ path: String) -> Bool {
        var information = stat()
        return unsafe stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// When a file was written, in milliseconds since 1970; nil if there is nothing.
    static func modified(_ path: String) -> Int64? {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return nil }
        #if canImport(Darwin)
        return Int64(information.st_mtimespec.tv_sec) * 1000
        #else
        return Int64(information.st_mtim.tv_sec) * 1000
        #endif
    }

    /// The path without symbolic links; nil if there is nothing.
    static func resolved(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// The folder that a path is in.
    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// A variable of the server's environment.
    static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// A user's numbers, by name.
    static func identity(ofUser name: String) -> ProcessIdentity? {
        var record = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe getpwnam_r(name, &record, &buffer, buffer.count, &found) == 0,
            unsafe found != nil
        else { return nil }
        return unsafe ProcessIdentity(uid: record.pw_uid, gid: record.pw_gid)
    }
}

extension ChromiumConfiguration {
    /// Where a user's servers keep their data unless told otherwise: `/var/lib/browserfleet` for
    /// root, else `$XDG_DATA_HOME/browserfleet` or `~/.local/share/browserfleet`.
    public static var userDataDirectory: String {
        if geteuid() == 0 { return "/var/lib/browserfleet" }
        if let data = SystemPaths.environment("XDG_DATA_HOME"), data.hasPrefix("/") {
            return "\(data)/browserfleet"
        }
        return "\(SystemPaths.environment("HOME") ?? "/tmp")/.local/share/browserfleet"
    }

    /// Whom browsers run as: nobody special for an ordinary user, an unprivileged user for root.
    var browserIdentity: ProcessIdentity? {
        guard geteuid() == 0 else { return nil }
        return SystemPaths.identity(ofUser: user)
            ?? SystemPaths.identity(ofUser: "nobody")
            ?? ProcessIdentity(uid: 65_534, gid: 65_534)
    }
}
