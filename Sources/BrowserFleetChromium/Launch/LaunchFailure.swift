// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime

/// Turns what a start that failed left behind into an error that says how to mend it.
enum LaunchFailure {
    /// How a start failed, as far as the launcher saw it.
    enum Symptom: Sendable, Equatable {
        /// The process ended before it answered.
        case ended(ExitStatus)
        /// It never answered.
        case silent(after: Duration)
    }

    /// The error for a symptom and the last of what the processes wrote.
    static func error(_ symptom: Symptom, tail: String) -> LaunchError {
        for known in knownLines where known.words.contains(where: { tail.contains($0) }) {
            return LaunchError(known.code, known.message, remedy: known.remedy)
        }
        switch symptom {
        case .ended(let status):
            return LaunchError(
                .exitedEarly,
                "The browser ended with \(status) before it answered\(lastLine(tail)).",
                remedy: "Run fleetctl doctor; a library may be missing or memory be short.")
        case .silent(let timeout):
            return LaunchError(
                .timedOut,
                "The browser did not answer within \(timeout)\(lastLine(tail)).",
                remedy: "Is the machine overloaded? Lower MAX_BROWSERS, or run fleetctl doctor.")
        }
    }

    /// The error for a child that could not even be started, or not be put in its jail.
    static func error(_ failure: SpawnError) -> LaunchError {
        let what = "\(failure.step) says: \(failure.reason)."
        switch failure.step {
        case "setns", "listen":
            return LaunchError(
                .isolationUnavailable, "The relay cannot enter the jail's network: \(what)",
                remedy: NamespaceAdvice.text)
        case "setresuid", "setgroups":
            return LaunchError(
                .isolationUnavailable, "The server cannot start browsers as another user: \(what)",
                remedy: "Allow the capabilities SETUID and SETGID, or start the server as an "
                    + "ordinary user.")
        default:
            return LaunchError(
                .other, "The browser cannot be started: \(what)",
                remedy: "Run fleetctl doctor; limits on processes or open files may be reached.")
        }
    }

    private struct Known: Sendable {
        var words: [String]
        var code: LaunchError.Code
        var message: String
        var remedy: String
    }

    private static let knownLines = [
        Known(
            words: ["No space left on device"], code: .diskFull,
            message: "There is no room for the browser's files.",
            remedy: "Free memory or disk space."),
        Known(
            words: ["Could not create directory", "cannot read and write to its data directory"],
            code: .dataDirectoryUnusable,
            message: "The browser's user cannot get at the browser's folder in DATA_DIR.",
            remedy: "Let others pass through DATA_DIR and all folders above it (chmod o+x), or set "
                + "DATA_DIR to another folder."),
        Known(
            words: [
                "No permissions to create new namespace", "Creating new namespace failed",
                "setting up uid map: Permission denied", "loopback: Failed",
                "Can't mount proc on", "Failed to make / slave", "pivot_root",
                "No permissions to creating new namespace",
            ], code: .isolationUnavailable,
            message: "This machine does not let bubblewrap make a jail.",
            remedy: NamespaceAdvice.text),
        Known(
            words: [
                "No usable sandbox!", "Failed to move to new namespace",
                "zygote_host_impl_linux.cc", "Check failed: sys_chroot",
            ], code: .sandboxFailed,
            message: "Chromium cannot start its sandbox here.",
            remedy: NamespaceAdvice.text),
        Known(
            words: ["error while loading shared libraries"], code: .engineMissing,
            message: "Chromium lacks a library.",
            remedy: "Reinstall it: apt-get install --reinstall chromium chromium-headless-shell"),
        Known(
            words: ["Missing X server or $DISPLAY"], code: .other,
            message: "The browser's virtual screen did not start.",
            remedy: "Run: apt-get install --reinstall xvfb"),
        Known(
            words: ["execvp", "No such file or directory: chromium"], code: .engineMissing,
            message: "The browser's program is not visible in its jail.",
            remedy: "Install it under /usr, or set CHROMIUM_PATH to the program itself instead "
                + "of a script that calls it."),
    ]

    private static func lastLine(_ tail: String) -> String {
        let lines = tail.split(whereSeparator: \.isNewline)
        // The message bus is never there, and the crash handler's own troubles come after the
        // crash: neither explains it.
        let telling = lines.filter { !$0.contains("dbus") && !$0.contains("crashpad") }
        guard let last = telling.last(where: { $0.contains(":FATAL:") }) ?? telling.last else {
            return ""
        }
        return "; it said \(Printable.quote(String(last)))"
    }
}
