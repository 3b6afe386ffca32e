// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `fleetctl serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves browsers from this machine.",
        discussion: SettingsHelp.text)

    @Argument(
        parsing: .captureForPassthrough, help: "Settings, see below.",
        completion: SettingsCompletion.kind)
    var flags: [String] = []

    func run() async throws {
        try SettingsHelp.leaveIfAsked(flags, by: Self.self)
        let settings = try LocalSettings.load(flags)
        try await FleetProcess(settings: settings, surroundings: try .current()).run()
    }
}
