// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// What is wrong is said in one clear line each, all at once.
struct SettingsProblemTests {
    @Test(
        "a bad value is refused with what was expected",
        arguments: [
            ("PORT", "http"), ("PORT", "70000"), ("PORT", "-1"), ("IDLE_TIMEOUT", "5x"),
            ("IDLE_TIMEOUT", "-5s"), ("IDLE_TIMEOUT", "0"), ("IDLE_TIMEOUT", "1.5h"),
            ("SESSION_TIMEOUT", "100000h"), ("SESSION_TIMEOUT", "99999999999"),
            ("BROWSER_MEMORY_LIMIT", "10MB"), ("BROWSER_MEMORY_LIMIT", "9999999TiB"),
            ("MAX_CPU_PERCENT", "0"), ("MAX_CPU_PERCENT", "101"), ("MAX_BROWSERS", "0"),
            ("MAX_BROWSERS", "4.5"), ("LOG_LEVEL", "loud"), ("ISOLATION", "none"),
            ("PLACEMENT", "best"), ("SERVER_BACKUP", "maybe"), ("PUBLIC_URL", "fleet.example"),
            ("PUBLIC_URL", "https://"), ("HEARTBEAT_INTERVAL", "1"),
        ])
    func badValue(_ variable: String, _ value: String) throws {
        let lines = problems {
            _ = try SettingsSources.fixture(environment: [variable: value]).resolved()
        }
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.hasPrefix("\(variable) is \"\(value)\"; it must be "))
        #expect(!line.contains("\n"))
    }

    @Test(
        "times and amounts are read",
        arguments: [
            ("IDLE_TIMEOUT", "90", "90s"), ("IDLE_TIMEOUT", "5m", "5m"),
            ("IDLE_TIMEOUT", "1h", "1h"), ("QUEUE_TIMEOUT", "250ms", "250ms"),
            ("QUEUE_TIMEOUT", "0", "0s"), ("ARCHIVE_DELETE_AFTER", "30d", "30d"),
            ("HEARTBEAT_INTERVAL", "30000", "30s"), ("FAILURE_DETECTION_TIMEOUT", "90000", "90s"),
            ("HEARTBEAT_INTERVAL", "2s", "2s"), ("BROWSER_MEMORY_LIMIT", "2g", "2GiB"),
            ("BROWSER_MEMORY_LIMIT", "512MiB", "512MiB"),
            ("BROWSER_MEMORY_LIMIT", "1073741824", "1GiB"), ("SERVER_BACKUP", "yes", "true"),
        ])
    func goodValue(_ variable: String, _ value: String, _ shown: String) throws {
        let name = try #require(SettingName(rawValue: variable))
        let settings = try SettingsSources.fixture(environment: [variable: value]).resolved()
        #expect(settings.entries[name]?.value.description == shown)
    }

    @Test("every problem is told at once")
    func allAtOnce() {
        let lines = problems {
            _ = try SettingsSources.fixture(
                environment: ["PORT": "x", "IDLE_TIMEOUT": "x"], file: "colour: red\n"
            ).resolved()
        }
        #expect(lines.count == 3)
    }

    @Test("an unknown flag is refused, with the one that was probably meant")
    func unknownFlag() {
        let lines = problems { _ = try SettingsFlags(["--max-browser", "3", "--colour=red"]) }
        #expect(
            lines == [
                "--max-browser is not a flag of this command; did you mean --max-browsers?",
                "--colour is not a flag of this command; see --help",
            ])
    }

    @Test(
        "arguments that are no flags, and flags without a value, are refused",
        arguments: [["serve"], ["--port"], ["--insecure=yes"]])
    func malformed(_ arguments: [String]) {
        #expect(problems { _ = try SettingsFlags(arguments) }.count == 1)
    }

    @Test("a toggle needs no value, also in front of another flag")
    func toggles() throws {
        let flags = try SettingsFlags(["--server-backup", "--insecure", "--port=1"])
        #expect(flags.values[.serverBackup] == "true")
        #expect(flags.insecure)
        #expect(flags.values[.port] == "1")
    }

    @Test("an unknown key of the file is refused with its line")
    func unknownKey() {
        let lines = problems {
            _ = try SettingsSources.fixture(file: "port: 3000\nidle-timout: 5m\n").resolved()
        }
        #expect(
            lines == [
                "fleet.yaml:2: \"idle-timout\" is not a setting; did you mean idle-timeout?"
            ])
    }

    @Test(
        "a file that is not one mapping is refused",
        arguments: ["- a\n- b\n", "port: [", "port: {a: b}\n", "port: 1\nport: 2\n", "text"])
    func badFile(_ text: String) {
        let lines = problems { _ = try SettingsSources.fixture(file: text).resolved() }
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("fleet.yaml") == true)
    }

    @Test("an empty file says nothing")
    func emptyFile() throws {
        let settings = try SettingsSources.fixture(file: "# nothing\n").resolved()
        #expect(settings.entries[.port]?.origin == .standard)
    }

    @Test("settings that contradict each other are refused")
    func contradictions() {
        let half = problems {
            _ = try SettingsSources.fixture(environment: ["TLS_CERT": "a.pem"]).resolved()
        }
        #expect(half == ["TLS_CERT and TLS_KEY must be set together"])
        let warm = problems {
            _ = try SettingsSources.fixture(
                environment: ["MAX_BROWSERS": "2", "WARM_BROWSERS": "3"]
            ).resolved()
        }
        #expect(warm.count == 1)
    }

    @Test("the default of warm browsers does not stop a server of one browser")
    func smallServer() throws {
        let settings = try SettingsSources.fixture(environment: ["MAX_BROWSERS": "1"]).resolved()
        #expect(settings.count(.maxBrowsers) == 1)
    }
}
