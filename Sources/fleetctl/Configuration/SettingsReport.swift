// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One line of `config show`.
struct SettingsReport: Encodable, Equatable {
    /// The environment variable.
    var setting: String
    /// The value, masked if it is a secret.
    var value: String
    /// Where it came from.
    var origin: String

    /// What stands in place of a secret.
    static let mask = "********"

    /// The settings that have a value, in the order of the catalogue.
    static func rows(_ settings: SettingsInForce) -> [SettingsReport] {
        SettingsCatalogue.all.compactMap { setting in
            settings.entries[setting.name].map { entry in
                SettingsReport(
                    setting: setting.name.variable,
                    value: shown(entry.value, setting.kind),
                    origin: entry.origin.description)
            }
        }
    }

    /// The rows for people.
    static func table(_ rows: [SettingsReport]) -> Table {
        Table(
            headings: ["SETTING", "VALUE", "FROM"],
            rows: rows.map { [$0.setting, $0.value, $0.origin] })
    }

    private static func shown(_ value: SettingValue, _ kind: SettingKind) -> String {
        switch kind {
        case .secret: mask
        case .url, .storeAddress: withoutCredentials(value.description)
        case .text, .list, .count, .duration, .bytes, .choice, .toggle: value.description
        }
    }

    /// An address with user and password masked.
    static func withoutCredentials(_ address: String) -> String {
        guard let scheme = address.range(of: "://") else { return address }
        let rest = address[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@") else { return address }
        return "\(address[..<scheme.upperBound])\(mask)\(rest[at...])"
    }
}
