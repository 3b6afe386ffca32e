// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// What is odd but stops nothing.
struct SettingsNoticeTests {
    private func notices(_ environment: [String: String]) throws -> [String] {
        try SettingsSources.fixture(environment: environment).resolved().notices
    }

    @Test(
        "a variable that is nearly one of ours is told",
        arguments: [
            ("MAX_BROWSER", "MAX_BROWSERS"), ("MAX_BROSWERS", "MAX_BROWSERS"),
            ("IDLE_TIMEOUTS", "IDLE_TIMEOUT"), ("JWT_SECRETS", "JWT_SECRET"),
        ])
    func nearMiss(_ variable: String, _ meant: String) throws {
        #expect(
            try notices([variable: "5"]) == [
                "the environment variable \(variable) is not a setting; did you mean \(meant)?"
            ])
    }

    @Test(
        "variables of other programs are left alone",
        arguments: [
            "HOME", "PATH", "HOSTS", "PORTS", "POST", "LANG", "SHELL", "USER", "HOSTNAME",
            "RAILWAY_STATIC_URL", "RAILWAY_SERVICE_NAME", "REGION_FILE", "LOGNAME",
        ])
    func foreign(_ variable: String) throws {
        #expect(try notices([variable: "5"]) == [])
    }

    @Test("variables of the deployment guides are accepted and ignored, in so many words")
    func ignored() throws {
        let lines = try notices(["NODE_ENV": "production", "ENABLE_CLUSTERING": "true"])
        #expect(
            lines == [
                "ENABLE_CLUSTERING is accepted and ignored", "NODE_ENV is accepted and ignored",
            ])
    }

    @Test("a setting of a later version is checked and said not to be used")
    func later() throws {
        #expect(
            try notices(["TARGET_FPS": "9"]) == [
                "TARGET_FPS is recognised but not used by this version"
            ])
        #expect(problems { _ = try notices(["PLACEMENT": "best"]) }.count == 1)
    }

    @Test(
        "edits are counted, a swap of neighbours as one",
        arguments: [
            ("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abcd", 1),
            ("abc", "xbc", 1), ("kitten", "sitting", 3), ("", "abc", 3),
        ])
    func edits(_ left: String, _ right: String, _ count: Int) {
        #expect(NearMiss.edits(from: left, to: right) == count)
        #expect(NearMiss.edits(from: right, to: left) == count)
    }
}
