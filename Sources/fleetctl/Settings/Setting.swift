// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One row of the catalogue.
struct Setting: Sendable {
    /// Which version of the server acts on a setting.
    enum Use: Sendable {
        /// This one.
        case now
        /// A later one; the value is checked and a notice says that nothing else is done with it.
        case later
    }

    /// Its name.
    let name: SettingName
    /// What may be written.
    let kind: SettingKind
    /// The value without a word from anybody; `nil` if there is none or if it is computed.
    let standard: String?
    /// Further environment variables that mean the same, in the order they are asked.
    let aliases: [String]
    /// Whether this version acts on it.
    let use: Use
    /// What it does, for the help.
    let summary: String

    init(
        _ name: SettingName, _ kind: SettingKind, default standard: String? = nil,
        also aliases: [String] = [], use: Use = .now, _ summary: String
    ) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.aliases = aliases
        self.use = use
        self.summary = summary
    }

    /// Whether the value is never shown, may come from a file, and never from a flag.
    var isSecret: Bool { kind == .secret }

    /// Whether a file named by a variable ending in `_FILE` may hold the value: everything that
    /// is a secret, or may carry one.
    var mayComeFromFile: Bool { kind == .secret || kind == .storeAddress }

    /// The environment variables that set it, the first one first.
    var variables: [String] { [name.variable] + aliases }
}
