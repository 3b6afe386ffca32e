// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The help of the commands that take settings.
enum SettingsHelp {
    /// Every setting with its flag, made from the catalogue.
    static let text: String = {
        let rows = SettingsCatalogue.all.map { setting in
            let flag = setting.isSecret ? "\(setting.name.flag)-file" : setting.name.flag
            var summary = setting.summary
            if let standard = setting.standard { summary += " (default: \(standard))" }
            if setting.use == .later { summary += " [not used by this version]" }
            return "  \(flag)".padded(to: 32) + summary
        }
        let extra = [
            "  --config PATH".padded(to: 32) + "settings file (default: fleet.yaml, if it exists)",
            "  --profile NAME".padded(to: 32) + "sizing: light, medium or heavy",
            "  --insecure".padded(to: 32) + "serve beyond loopback without any key",
            "  --no-sandbox".padded(to: 32) + "start browsers without their own sandbox",
        ]
        return """
            Every setting is a flag (--max-browsers 8), an environment variable (MAX_BROWSERS=8) \
            or a line of fleet.yaml (max-browsers: 8), asked in this order. Times are 250ms, 30s, \
            5m, 1h. Secrets come from a variable, a file (--api-key-file, API_KEY_FILE) or \
            fleet.yaml, never from a flag.

            \((rows + extra).joined(separator: "\n"))
            """
    }()

    /// Prints the help of a command whose arguments are all passed through.
    static func leaveIfAsked(
        _ arguments: [String], by command: any ParsableCommand.Type
    ) throws {
        guard !arguments.contains("--help"), !arguments.contains("-h") else {
            throw CleanExit.helpRequest(command)
        }
    }
}

extension String {
    /// The text with spaces behind it up to a width, and at least two.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(2, width - count))
    }
}
