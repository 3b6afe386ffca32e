// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Something wrong with the settings: one clear line each.
struct SettingsProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong and how to mend it. Never has the value of a secret in it.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// All problems of one look at the settings, in the order they were found.
struct SettingsProblems: Error, Equatable, Sendable, CustomStringConvertible {
    /// One or more.
    let all: [SettingsProblem]

    /// One line each.
    var description: String { all.map(\.description).joined(separator: "\n") }
}
