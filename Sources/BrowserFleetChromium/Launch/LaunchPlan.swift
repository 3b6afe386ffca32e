// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime

/// Everything one launch needs to know, gathered before anything is started.
struct LaunchPlan: Sendable {
    /// Absolute path of the browser's program.
    var executable: String
    /// What the client chose, checked.
    var properties: LaunchProperties
    /// Whether Chromium's own sandbox is on.
    var sandbox: Bool
    /// The screen of a headful browser.
    var screen: VirtualScreen?
    /// Whose browser it will be.
    var owner: OwnerMark
    /// Whom it runs as; nil keeps the server's user.
    var identity: ProcessIdentity?

    /// Gathers it.
    ///
    /// - Throws: ``LaunchError`` when an argument is refused or a program is missing.
    init(
        _ request: LaunchRequest, owner: OwnerMark, configuration: ChromiumConfiguration
    ) throws(LaunchError) {
        try PropertyPolicy.check(request.properties)
        properties = request.properties
        executable = try ChromiumExecutables.find(
            headful: properties.headful, configuration: configuration)
        sandbox = configuration.sandbox
        self.owner = owner
        identity = configuration.browserIdentity
        guard properties.headful else { return }
        screen = VirtualScreen(
            program: try ChromiumExecutables.xvfb(configuration), arguments: properties.arguments)
    }

    private func switches(profile: String, relayPort: UInt16) -> ChromiumSwitches {
        ChromiumSwitches(
            properties: properties, profile: profile, relayPort: relayPort, sandbox: sandbox)
    }

    /// The program and its arguments.
    func command(profile: String, scratch: String, relayPort: UInt16) -> [String] {
        let browser =
            [executable] + switches(profile: profile, relayPort: relayPort).arguments
        return screen?.wrapping(browser, scratch: scratch) ?? browser
    }

    /// The jail that the browser starts in.
    func jail(bubblewrap: String, scratchBytes: Int64) -> JailCommand {
        let port = JailStart.relayPort
        return JailCommand(
            bubblewrap: bubblewrap, programFolders: programFolders, scratchBytes: scratchBytes,
            owner: owner,
            environment: switches(profile: JailCommand.profile, relayPort: port)
                .environment(home: JailCommand.home, scratch: "/tmp"),
            command: command(profile: JailCommand.profile, scratch: "/tmp", relayPort: port))
    }

    /// The environment of a browser without a jail.
    func environment(folder: BrowserFolder) -> [(name: String, value: String)] {
        switches(profile: folder.path, relayPort: 0)
            .environment(home: folder.path, scratch: folder.link)
    }

    /// Folders outside `/usr` that the program needs to be seen from a jail: its own.
    var programFolders: [String] {
        let real = SystemPaths.resolved(executable) ?? executable
        let folders = [SystemPaths.parent(executable), SystemPaths.parent(real)]
        return Set(folders.filter(Self.isProgramFolder)).sorted()
    }

    /// Whether a folder may be seen from every jail: never one that holds more than programs, such
    /// as the root, a home or a folder right below one.
    static func isProgramFolder(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        switch parts.first {
        case nil, "usr", "root", "etc", "var", "proc", "sys", "dev", "run": return false
        case "home": return parts.count > 3
        default: return parts.count > 1
        }
    }
}
