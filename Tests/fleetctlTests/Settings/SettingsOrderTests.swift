// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// Who wins, and where a value says it came from.
struct SettingsOrderTests {
    @Test("without a word from anybody every default is in force")
    func defaults() throws {
        let settings = try SettingsSources.fixture().resolved()
        #expect(settings.text(.host) == "127.0.0.1")
        #expect(settings.count(.port) == 3000)
        #expect(settings.duration(.idleTimeout) == .seconds(300))
        #expect(settings.duration(.sessionTimeout) == .seconds(1800))
        #expect(settings.duration(.heartbeatInterval) == .milliseconds(1000))
        #expect(settings.bytes(.browserMemoryLimit) == 1 << 30)
        #expect(settings.notices == [])
        #expect(settings.entries[.port]?.origin == .standard)
    }

    @Test("a flag beats the environment, which beats the file, which beats a profile")
    func order() throws {
        let file = "max-users: 7\n"
        func origin(_ flags: [String], _ environment: [String: String]) throws -> String? {
            try SettingsSources.fixture(flags: flags, environment: environment, file: file)
                .resolved().entries[.maxUsers]?.origin.description
        }
        let profile = ["--profile", "light"]
        #expect(try origin(profile + ["--max-users=3"], ["MAX_USERS": "4"]) == "flag --max-users")
        #expect(try origin(profile, ["MAX_USERS": "4"]) == "environment MAX_USERS")
        #expect(try origin(profile, [:]) == "fleet.yaml")
        let bare = try SettingsSources.fixture(flags: profile).resolved()
        #expect(bare.entries[.maxUsers]?.origin.description == "profile light")
    }

    @Test(
        "the sizing profiles are those of the deployment guide",
        arguments: [("light", 5, 6, 10), ("medium", 10, 9, 8), ("heavy", 20, 20, 6)])
    func profiles(_ name: String, _ users: Int, _ browsers: Int, _ frames: Int) throws {
        let settings = try SettingsSources.fixture(flags: ["--profile", name]).resolved()
        #expect(settings.count(.maxUsers) == users)
        #expect(settings.count(.maxBrowsers) == browsers)
        #expect(settings.count(.targetFPS) == frames)
    }

    @Test("an alias sets the same setting, and the first name wins")
    func aliases() throws {
        let alias = ["MAX_CONCURRENT_SESSIONS": "3"]
        let both = alias.merging(["MAX_USERS": "4"]) { $1 }
        #expect(try SettingsSources.fixture(environment: alias).resolved().count(.maxUsers) == 3)
        #expect(try SettingsSources.fixture(environment: both).resolved().count(.maxUsers) == 4)
        let flag = try SettingsSources.fixture(flags: ["--max-concurrent-sessions", "5"])
        #expect(try flag.resolved().count(.maxUsers) == 5)
    }

    @Test("the number of browsers comes from the machine, unless workers are set")
    func browsers() throws {
        let plain = try SettingsSources.fixture().resolved()
        #expect(plain.count(.maxBrowsers) == 11)
        #expect(
            plain.entries[.maxBrowsers]?.origin.description == "from 6144 MiB of memory and 4 cores"
        )
        #expect(plain.count(.maxUsers) == 11)
        let workers = ["WORKER_THREADS": "3", "BROWSERS_PER_WORKER": "3"]
        let product = try SettingsSources.fixture(environment: workers).resolved()
        #expect(product.count(.maxBrowsers) == 9)
    }

    @Test(
        "a machine holds what memory and cores allow, and at least one",
        arguments: [
            (Int64(24) << 30, 2, 16), (Int64(512) << 20, 2, 1), (Int64(4) << 30, 64, 7),
            (Int64(0), 1, 1),
        ])
    func machine(_ memory: Int64, _ cores: Int, _ browsers: Int) {
        #expect(MachineCapacity(memory: memory, cores: cores).browsers == browsers)
    }

    @Test("an empty variable is no word at all")
    func emptyVariable() throws {
        let settings = try SettingsSources.fixture(environment: ["PORT": ""]).resolved()
        #expect(settings.entries[.port]?.origin == .standard)
    }

    @Test("a list is written with commas or as a list in the file")
    func lists() throws {
        let environment = ["ALLOWED_HOSTS": "a.example, b.example,"]
        let commas = try SettingsSources.fixture(environment: environment).resolved()
        #expect(commas.list(.allowedHosts) == ["a.example", "b.example"])
        let file = "allowed-hosts:\n  - a.example\n  - b.example\n"
        #expect(
            try SettingsSources.fixture(file: file).resolved().list(.allowedHosts)
                == ["a.example", "b.example"])
    }
}
