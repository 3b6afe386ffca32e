// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Everything that may say something about the settings, as values.
struct SettingsSources {
    /// The flags of the command.
    var flags: SettingsFlags
    /// The environment.
    var environment: [String: String] = [:]
    /// The settings file, if there is one.
    var file: SettingsFile?
    /// Reads a file that holds a secret; `nil` if it cannot be read.
    var readSecret: (String) -> String? = { _ in nil }
}
