// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where the value of a setting came from.
enum SettingOrigin: Equatable, Sendable, CustomStringConvertible {
    /// A flag of the command.
    case flag(String)
    /// An environment variable.
    case environment(String)
    /// A file that an environment variable or a key ending in `file` named.
    case secretFile(String)
    /// A key of the settings file.
    case file(String)
    /// The profile that was chosen.
    case profile(String)
    /// Nobody said anything.
    case standard
    /// Worked out from other settings or from the machine, as the text says.
    case computed(String)

    /// For the column of `config show`.
    var description: String {
        switch self {
        case .flag(let flag): "flag \(flag)"
        case .environment(let variable): "environment \(variable)"
        case .secretFile(let path): "file \(path)"
        case .file(let path): path
        case .profile(let name): "profile \(name)"
        case .standard: "default"
        case .computed(let how): how
        }
    }
}
