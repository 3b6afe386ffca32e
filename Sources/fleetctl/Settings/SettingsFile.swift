// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Yams

/// The settings file, `fleet.yaml`: one mapping from keys (`max-browsers`) to values.
struct SettingsFile: Equatable, Sendable {
    /// One line of it.
    struct Entry: Equatable, Sendable {
        /// The key as written.
        let key: String
        /// Its value as text; the items of a list are joined by commas.
        let text: String
        /// Counted from one.
        let line: Int
    }

    /// Where it was read.
    let path: String
    /// In the order of the file.
    let entries: [Entry]

    /// Reads the text of a file.
    ///
    /// - Throws: one problem with line and column if it is not YAML, or is something else than
    ///   one mapping from words to words or lists.
    init(path: String, text: String) throws(SettingsProblems) {
        self.path = path
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw SettingsProblems(all: [Self.problem(path, error)])
        }
        guard let root else {
            self.entries = []
            return
        }
        guard case .mapping(let mapping) = root else {
            let problem = SettingsProblem("\(path) is not a list of `key: value` lines")
            throw SettingsProblems(all: [problem])
        }
        var entries: [Entry] = []
        var problems: [SettingsProblem] = []
        for (key, value) in mapping {
            let line = key.mark?.line ?? 0
            guard let name = key.scalar?.string, let text = Self.text(of: value) else {
                problems.append(
                    SettingsProblem("\(path):\(line): the value is neither a word nor a list"))
                continue
            }
            entries.append(Entry(key: name, text: text, line: line))
        }
        guard problems.isEmpty else { throw SettingsProblems(all: problems) }
        self.entries = entries
    }

    private static func text(of node: Node) -> String? {
        switch node {
        case .scalar(let scalar): return scalar.string
        case .sequence(let sequence):
            let items = sequence.compactMap { $0.scalar?.string }
            return items.count == sequence.count ? items.joined(separator: ",") : nil
        case .mapping, .alias: return nil
        }
    }

    private static func problem(_ path: String, _ error: any Error) -> SettingsProblem {
        guard let yaml = error as? YamlError else {
            return SettingsProblem("\(path) is not YAML: \(error)")
        }
        switch yaml {
        case .scanner(_, let what, let mark, _), .parser(_, let what, let mark, _),
            .composer(_, let what, let mark, _):
            return SettingsProblem(
                "\(path):\(mark.line):\(mark.column): not YAML: \(what.trimmingSpaces)")
        case .duplicatedKeysInMapping(let keys, _):
            return SettingsProblem("\(path): the key \"\(keys.first ?? "")\" stands twice")
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return SettingsProblem("\(path) is not YAML")
        @unknown default:
            return SettingsProblem("\(path) is not YAML")
        }
    }
}
