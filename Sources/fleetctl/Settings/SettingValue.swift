// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A checked value of a setting.
enum SettingValue: Equatable, Sendable {
    case text(String)
    case list([String])
    case count(Int)
    case duration(Duration)
    case bytes(Int64)
    case toggle(Bool)

    /// The value as one would write it.
    var description: String {
        switch self {
        case .text(let text): text
        case .list(let items): items.joined(separator: ",")
        case .count(let count): String(count)
        case .duration(let duration): DurationText.describe(duration)
        case .bytes(let count): ByteText.describe(count)
        case .toggle(let isOn): isOn ? "true" : "false"
        }
    }
}
