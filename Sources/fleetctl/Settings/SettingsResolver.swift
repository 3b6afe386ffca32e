// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Asks the sources in their order: flag, environment, file, profile, default.
struct SettingsResolver {
    private let sources: SettingsSources
    private var problems: [SettingsProblem] = []
    private var result = SettingsInForce()
    private var fileEntries: [SettingName: SettingsFile.Entry] = [:]
    private var fileSecrets: [SettingName: SettingsFile.Entry] = [:]

    private init(_ sources: SettingsSources) {
        self.sources = sources
        result.insecure = sources.flags.insecure
        result.noSandbox = sources.flags.noSandbox
    }

    /// The settings in force; `machine` decides `MAX_BROWSERS` where nobody set it.
    ///
    /// - Throws: every problem found, so that one start shows them all.
    static func resolve(
        _ sources: SettingsSources, machine: MachineCapacity
    ) throws(SettingsProblems) -> SettingsInForce {
        var resolver = SettingsResolver(sources)
        resolver.sortFile()
        resolver.takeAll()
        resolver.result = resolver.result.completed(for: machine)
        resolver.checkTogether()
        resolver.result.notices += EnvironmentNotices.about(sources.environment)
        resolver.noteUnused()
        guard resolver.problems.isEmpty else {
            throw SettingsProblems(all: resolver.problems)
        }
        return resolver.result
    }

    private mutating func sortFile() {
        guard let file = sources.file else { return }
        for entry in file.entries {
            if let setting = SettingsCatalogue.setting(forKey: entry.key) {
                fileEntries[setting.name] = entry
            } else if entry.key.hasSuffix("-file"),
                let setting = SettingsCatalogue.setting(forKey: String(entry.key.dropLast(5))),
                setting.mayComeFromFile
            {
                fileSecrets[setting.name] = entry
            } else {
                let known = SettingsCatalogue.all.map(\.name.key)
                let near = NearMiss.find(entry.key, in: known)
                let meant = near.map { "; did you mean \($0)?" } ?? ""
                problems.append(
                    SettingsProblem(
                        "\(file.path):\(entry.line): \"\(entry.key)\" is not a setting\(meant)"))
            }
        }
    }

    private mutating func takeAll() {
        var profile: SettingsProfile?
        do throws(SettingsProblem) {
            profile = try sources.flags.profile.map(SettingsProfile.init(named:))
        } catch {
            problems.append(error)
        }
        for setting in SettingsCatalogue.all {
            do throws(SettingsProblem) {
                result.entries[setting.name] = try entry(for: setting, profile)
            } catch {
                problems.append(error)
            }
        }
    }

    private func entry(
        for setting: Setting, _ profile: SettingsProfile?
    ) throws(SettingsProblem) -> SettingsInForce.Entry? {
        let name = setting.name
        if let text = sources.flags.values[name] {
            return try read(text, setting, name.flag, .flag(name.flag))
        }
        if let path = sources.flags.secretFiles[name] {
            return try secret(setting, path, "\(name.flag)-file")
        }
        if let entry = try environmentEntry(for: setting) { return entry }
        if let entry = fileEntries[name], let path = sources.file?.path {
            let place = "\(path):\(entry.line): \(entry.key)"
            return try read(entry.text, setting, place, .file(path))
        }
        if let entry = fileSecrets[name] { return try secret(setting, entry.text, entry.key) }
        if let profile, let count = profile.values[name] {
            return .init(value: .count(count), origin: .profile(profile.rawValue))
        }
        return try setting.standard.map { text throws(SettingsProblem) in
            try read(text, setting, name.variable, .standard)
        }
    }

    private func environmentEntry(
        for setting: Setting
    ) throws(SettingsProblem) -> SettingsInForce.Entry? {
        for variable in setting.variables {
            // An empty variable is how compose files and shells say "not set".
            if let text = sources.environment[variable], !text.isEmpty {
                return try read(text, setting, variable, .environment(variable))
            }
            let fileVariable = "\(variable)_FILE"
            if setting.mayComeFromFile, let path = sources.environment[fileVariable],
                !path.isEmpty
            {
                return try secret(setting, path, fileVariable)
            }
        }
        return nil
    }

    private func read(
        _ text: String, _ setting: Setting, _ place: String, _ origin: SettingOrigin
    ) throws(SettingsProblem) -> SettingsInForce.Entry {
        .init(value: try SettingReader.read(text, for: setting, from: place), origin: origin)
    }

    private func secret(
        _ setting: Setting, _ path: String, _ place: String
    ) throws(SettingsProblem) -> SettingsInForce.Entry {
        guard let text = sources.readSecret(path) else {
            throw SettingsProblem("\(place) names \"\(path)\", which cannot be read")
        }
        return try read(text, setting, place, .secretFile(path))
    }

    // Rules that need more than one setting.
    private mutating func checkTogether() {
        if let secret = result.text(.jwtSecret), secret.utf8.count < 32 {
            problems.append(
                SettingsProblem(
                    "JWT_SECRET must have at least 32 characters; make one with: "
                        + "openssl rand -hex 32"))
        }
        if (result.text(.tlsCertificate) == nil) != (result.text(.tlsKey) == nil) {
            problems.append(SettingsProblem("TLS_CERT and TLS_KEY must be set together"))
        }
        if let warm = result.count(.warmBrowsers), let headful = result.count(.warmHeadful),
            let most = result.count(.maxBrowsers), warm + headful > most,
            result.isSet(.warmBrowsers) || result.isSet(.warmHeadful)
        {
            problems.append(
                SettingsProblem(
                    "WARM_BROWSERS and WARM_HEADFUL make \(warm + headful), more than "
                        + "MAX_BROWSERS, which is \(most)"))
        }
        if let users = result.count(.maxUsers), let most = result.count(.maxBrowsers),
            users > most
        {
            result.notices.append(
                "MAX_USERS is \(users), but no more than MAX_BROWSERS, \(most), can have one")
        }
    }

    private mutating func noteUnused() {
        for setting in SettingsCatalogue.all where setting.use == .later {
            guard result.isSet(setting.name), let origin = result.entries[setting.name]?.origin
            else { continue }
            if case .profile = origin { continue }
            result.notices.append(
                "\(setting.name.variable) is recognised but not used by this version")
        }
    }
}
