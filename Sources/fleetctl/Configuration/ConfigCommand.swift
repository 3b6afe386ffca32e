// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `fleetctl config …`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Checks and shows the settings of a server.",
        subcommands: [ConfigCheck.self, ConfigShow.self])
}

/// `fleetctl config check`.
struct ConfigCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Says what is wrong with the settings, if anything.",
        discussion: SettingsHelp.text)

    @Argument(
        parsing: .captureForPassthrough, help: "The flags of serve.",
        completion: SettingsCompletion.kind)
    var flags: [String] = []

    func run() throws {
        try SettingsHelp.leaveIfAsked(flags, by: Self.self)
        let settings = try LocalSettings.load(flags)
        for notice in settings.notices { Talk.warning(notice) }
        Talk.say("the settings are valid")
    }
}

/// `fleetctl config show`.
struct ConfigShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows every setting in force and where it came from; secrets are masked.",
        discussion: SettingsHelp.text)

    @Argument(
        parsing: .captureForPassthrough, help: "The flags of serve, and --output.",
        completion: SettingsCompletion.kind)
    var flags: [String] = []

    func run() throws {
        try SettingsHelp.leaveIfAsked(flags, by: Self.self)
        let (format, rest) = try Self.takeFormat(flags)
        let settings = try LocalSettings.load(rest)
        try format.print(SettingsReport.rows(settings), table: SettingsReport.table)
        for notice in settings.notices { Talk.warning(notice) }
    }

    // The settings' flags are read by their own parser, so this one option is taken out first.
    static func takeFormat(
        _ arguments: [String]
    ) throws(CommandFailure) -> (OutputFormat, [String]) {
        var rest = arguments
        guard let place = rest.firstIndex(where: { $0 == "-o" || $0.hasPrefix("--output") })
        else { return (.table, rest) }
        let option = rest.remove(at: place)
        let parts = option.split(separator: "=", maxSplits: 1)
        var word = parts.count == 2 ? String(parts[1]) : nil
        if word == nil, rest.indices.contains(place) { word = rest.remove(at: place) }
        guard let format = word.flatMap(OutputFormat.init(rawValue:)) else {
            throw CommandFailure(.usage, "--output must be one of table, json, yaml")
        }
        return (format, rest)
    }
}
