// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The settings after all sources were asked: a checked value and its origin for each.
struct SettingsInForce: Equatable, Sendable {
    /// One setting.
    struct Entry: Equatable, Sendable {
        /// Its value.
        var value: SettingValue
        /// Who said so.
        var origin: SettingOrigin
    }

    /// The settings that have a value.
    var entries: [SettingName: Entry] = [:]
    /// What the operator should hear though it stops nothing.
    var notices: [String] = []
    /// `--insecure`.
    var insecure = false
    /// `--no-sandbox`.
    var noSandbox = false

    /// The text of a setting.
    func text(_ name: SettingName) -> String? {
        if case .text(let text) = entries[name]?.value { text } else { nil }
    }

    /// The items of a setting; none if it has no value.
    func list(_ name: SettingName) -> [String] {
        if case .list(let items) = entries[name]?.value { items } else { [] }
    }

    /// The number of a setting.
    func count(_ name: SettingName) -> Int? {
        if case .count(let count) = entries[name]?.value { count } else { nil }
    }

    /// The time of a setting.
    func duration(_ name: SettingName) -> Duration? {
        if case .duration(let duration) = entries[name]?.value { duration } else { nil }
    }

    /// Whether a setting is on; `nil` if nobody said.
    func toggle(_ name: SettingName) -> Bool? {
        if case .toggle(let isOn) = entries[name]?.value { isOn } else { nil }
    }

    /// The bytes of a setting.
    func bytes(_ name: SettingName) -> Int64? {
        if case .bytes(let count) = entries[name]?.value { count } else { nil }
    }

    /// Whether somebody set it, rather than the default.
    func isSet(_ name: SettingName) -> Bool {
        guard let origin = entries[name]?.origin else { return false }
        return origin != .standard
    }
}
