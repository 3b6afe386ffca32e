// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What the flags of `serve` and `config` say, before any value is checked.
struct SettingsFlags: Equatable, Sendable {
    /// Texts by setting.
    var values: [SettingName: String] = [:]
    /// Files that hold the value of a secret, by setting (`--api-key-file PATH`).
    var secretFiles: [SettingName: String] = [:]
    /// `--config PATH`: the settings file.
    var file: String?
    /// `--profile NAME`.
    var profile: String?
    /// `--insecure`: serve beyond loopback without any key.
    var insecure = false
    /// `--no-sandbox`: start browsers without their own sandbox.
    var noSandbox = false

    /// Reads the arguments; a flag and its value are two arguments, or one with `=`.
    ///
    /// - Throws: one problem for each argument that is not understood.
    init(_ arguments: [String]) throws(SettingsProblems) {
        var problems: [SettingsProblem] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            do throws(SettingsProblem) {
                try take(argument, from: &rest)
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw SettingsProblems(all: problems) }
    }

    private mutating func take(
        _ argument: String, from rest: inout ArraySlice<String>
    ) throws(SettingsProblem) {
        guard argument.hasPrefix("--") else {
            throw SettingsProblem("\"\(argument)\" is not a flag; flags look like --port 3000")
        }
        let parts = argument.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let key = String(parts.first ?? "")
        var value = parts.count > 1 ? String(parts[1]) : nil
        if try takeSwitch(key, value) { return }
        let target: Target
        do throws(SettingsProblem) {
            target = try self.target(of: key)
        } catch {
            // What stands behind it is probably its value, and no second problem.
            if value == nil, rest.first?.hasPrefix("--") == false { rest.removeFirst() }
            throw error
        }
        if value == nil { value = impliedValue(of: target, before: rest) ?? rest.popFirst() }
        guard let value else {
            throw SettingsProblem("--\(key) needs a value, such as --\(key)=…")
        }
        switch target {
        case .setting(let setting): values[setting.name] = value
        case .secretFile(let setting): secretFiles[setting.name] = value
        case .file: file = value
        case .profile: profile = value
        }
    }

    private enum Target {
        case setting(Setting)
        case secretFile(Setting)
        case file
        case profile
    }

    private mutating func takeSwitch(
        _ key: String, _ value: String?
    ) throws(SettingsProblem) -> Bool {
        guard key == "insecure" || key == "no-sandbox" else { return false }
        guard value == nil else { throw SettingsProblem("--\(key) takes no value") }
        if key == "insecure" { insecure = true } else { noSandbox = true }
        return true
    }

    private func target(of key: String) throws(SettingsProblem) -> Target {
        if key == "config" { return .file }
        if key == "profile" { return .profile }
        if let setting = SettingsCatalogue.setting(forKey: key) {
            guard !setting.isSecret else {
                throw SettingsProblem(
                    "--\(key) would show a secret to everybody on this machine; set "
                        + "\(setting.name.variable), or name a file with --\(key)-file")
            }
            return .setting(setting)
        }
        if key.hasSuffix("-file"),
            let setting = SettingsCatalogue.setting(forKey: String(key.dropLast(5))),
            setting.mayComeFromFile
        {
            return .secretFile(setting)
        }
        let known = SettingsCatalogue.all.map(\.name.key) + ["config", "profile", "insecure"]
        let meant = NearMiss.find(key, in: known).map { "; did you mean --\($0)?" } ?? ""
        throw SettingsProblem(
            "--\(key) is not a flag of this command\(meant.isEmpty ? "; see --help" : meant)")
    }

    private func impliedValue(
        of target: Target, before rest: ArraySlice<String>
    ) -> String? {
        guard case .setting(let setting) = target, setting.kind == .toggle else { return nil }
        return rest.first.map { $0.hasPrefix("--") } ?? true ? "true" : nil
    }
}

extension SettingsCatalogue {
    /// The setting whose key this is, also by a key made of one of its other variables.
    static func setting(forKey key: String) -> Setting? {
        all.first { $0.variables.contains { SettingName.key(of: $0) == key } }
    }
}
