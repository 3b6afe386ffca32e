// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What a shell offers behind `serve`, `config check`, `config show` and `doctor`, whose flags are
/// read by a parser of their own.
enum SettingsCompletion {
    /// For an argument that captures those flags.
    static let kind = CompletionKind.custom { words, index, _ in
        candidates(after: index > 0 && index <= words.count ? words[index - 1] : "")
    }

    /// What may stand behind a word: the values of a flag that has some, else every flag.
    static func candidates(after word: String) -> [String] {
        guard word.hasPrefix("--"), !switches.contains(word) else { return flags }
        let key = String(word.dropFirst(2))
        if key == "profile" { return ["light", "medium", "heavy"] }
        switch SettingsCatalogue.setting(forKey: key)?.kind {
        case .choice(let words): return words
        case .toggle: return ["true", "false"] + flags
        case .text, .secret, .url, .storeAddress, .list, .count, .duration, .bytes, nil: return []
        }
    }

    private static let switches = ["--insecure", "--no-sandbox", "--help"]

    private static let flags =
        SettingsCatalogue.all.map { $0.isSecret ? "\($0.name.flag)-file" : $0.name.flag }
        + ["--config", "--profile"] + switches
}
