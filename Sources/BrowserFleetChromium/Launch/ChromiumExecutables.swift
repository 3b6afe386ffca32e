// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime

/// Finds the programs that a launch needs.
enum ChromiumExecutables {
    // Debian's commands are shell scripts around these binaries, with switches of their own.
    private static let headlessCandidates = [
        "/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell",
        "chrome-headless-shell", "headless-shell",
    ]
    private static let headfulCandidates = [
        "/usr/lib/chromium/chromium", "/usr/lib/chromium-browser/chromium-browser",
        "/opt/google/chrome/chrome", "chromium", "chromium-browser", "google-chrome-stable",
        "google-chrome", "chrome",
    ]

    /// The program for one launch.
    ///
    /// - Throws: ``LaunchError`` with code `engine-missing`.
    static func find(
        headful: Bool, configuration: ChromiumConfiguration
    ) throws(LaunchError) -> String {
        if let chosen = configuration.executable {
            guard SystemPaths.isExecutable(chosen) else {
                throw LaunchError(
                    .engineMissing, "CHROMIUM_PATH is \(chosen), which cannot be run.",
                    remedy: "Name an executable file, or unset CHROMIUM_PATH to search for one.")
            }
            return SystemPaths.resolved(chosen) ?? chosen
        }
        // Full Chromium can do without a screen too, only slower.
        let candidates = headful ? headfulCandidates : headlessCandidates + headfulCandidates
        guard let found = SystemPaths.executable(among: candidates) else {
            throw LaunchError(
                .engineMissing, "No \(headful ? "Chromium" : "headless Chromium") was found.",
                remedy: "Run: apt-get install \(headful ? "chromium" : "chromium-headless-shell")"
                    + " (or set CHROMIUM_PATH).")
        }
        return found
    }

    /// bubblewrap.
    static func bubblewrap(_ configuration: ChromiumConfiguration) throws(LaunchError) -> String {
        try program(
            configuration.bubblewrap ?? "bwrap", code: .isolationUnavailable,
            missing: "bubblewrap (bwrap) was not found.",
            remedy: "Run: apt-get install bubblewrap")
    }

    /// Xvfb.
    static func xvfb(_ configuration: ChromiumConfiguration) throws(LaunchError) -> String {
        try program(
            configuration.xvfb ?? "Xvfb", code: .engineMissing,
            missing: "A browser with a screen needs Xvfb, which was not found.",
            remedy: "Run: apt-get install xvfb")
    }

    private static func program(
        _ name: String, code: LaunchError.Code, missing: String, remedy: String
    ) throws(LaunchError) -> String {
        guard let path = SystemPaths.executable(among: [name]) else {
            throw LaunchError(code, missing, remedy: remedy)
        }
        return path
    }
}
