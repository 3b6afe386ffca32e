// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// Secrets: where they may come from, and that they are never shown.
struct SettingsSecretTests {
    private let secret = "correct-horse-battery-staple-0123456789"

    @Test("a secret comes from a variable, from a file, or from a file that a flag names")
    func sources() throws {
        let files = ["/run/key": "\(secret)\n"]
        let variable = try SettingsSources.fixture(environment: ["API_KEY": secret]).resolved()
        let file = try SettingsSources.fixture(
            environment: ["API_KEY_FILE": "/run/key"], secrets: files
        ).resolved()
        let flag = try SettingsSources.fixture(flags: ["--api-key-file=/run/key"], secrets: files)
            .resolved()
        let yaml = try SettingsSources.fixture(file: "api-key-file: /run/key\n", secrets: files)
            .resolved()
        for settings in [variable, file, flag, yaml] {
            #expect(settings.text(.apiKey) == secret)
        }
        #expect(file.entries[.apiKey]?.origin.description == "file /run/key")
    }

    @Test("a secret on the command line is refused, and not repeated")
    func flagIsRefused() {
        let lines = problems { _ = try SettingsFlags(["--api-key=\(secret)"]) }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("--api-key-file") == true)
        #expect(lines.first?.contains(secret) == false)
    }

    @Test("a file that cannot be read is named")
    func missingFile() {
        let lines = problems {
            _ = try SettingsSources.fixture(environment: ["JWT_SECRET_FILE": "/none"]).resolved()
        }
        #expect(lines == ["JWT_SECRET_FILE names \"/none\", which cannot be read"])
    }

    @Test("a short JWT secret is refused")
    func shortSecret() {
        let lines = problems {
            _ = try SettingsSources.fixture(environment: ["JWT_SECRET": "short"]).resolved()
        }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("32 characters") == true)
    }

    @Test("no secret is in what config show prints")
    func masked() throws {
        var environment = ["STORE": "redis://user:\(secret)@redis:6379/0"]
        for setting in SettingsCatalogue.all where setting.isSecret {
            environment[setting.name.variable] = secret
        }
        let rows = SettingsReport.rows(
            try SettingsSources.fixture(environment: environment).resolved())
        #expect(rows.contains { $0.setting == "API_KEY" && $0.value == SettingsReport.mask })
        #expect(!rows.contains { $0.value.contains(secret) || $0.origin.contains(secret) })
        #expect(rows.contains { $0.value == "redis://********@redis:6379/0" })
    }
}
