// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetRuntime
import Testing

@Suite("User agent, locale and time zone") struct PropertyPolicyTests {
    @Test(
        "what a header, a language tag and the zone database know is taken",
        arguments: [
            LaunchProperties(userAgent: "Mozilla/5.0 (X11; Linux x86_64) Robot/1.0"),
            LaunchProperties(locale: "de"), LaunchProperties(locale: "zh-Hant-TW"),
            LaunchProperties(timezone: "Europe/Berlin"), LaunchProperties(timezone: "UTC"),
            LaunchProperties(timezone: "America/Argentina/Ushuaia"),
            LaunchProperties(timezone: "Etc/GMT+5"),
        ])
    func taken(properties: LaunchProperties) throws {
        try PropertyPolicy.check(properties)
    }

    @Test(
        "anything else is refused and named",
        arguments: [
            (LaunchProperties(userAgent: ""), "userAgent"),
            (LaunchProperties(userAgent: "a\r\nX: y"), "userAgent"),
            (LaunchProperties(userAgent: "a\u{0}"), "userAgent"),
            (LaunchProperties(userAgent: " a"), "userAgent"),
            (LaunchProperties(userAgent: "é"), "userAgent"),
            (LaunchProperties(userAgent: String(repeating: "a", count: 513)), "userAgent"),
            (LaunchProperties(locale: ""), "locale"), (LaunchProperties(locale: "d"), "locale"),
            (LaunchProperties(locale: "de_DE"), "locale"),
            (LaunchProperties(locale: "de-DE,en"), "locale"),
            (LaunchProperties(locale: "de DE"), "locale"),
            (LaunchProperties(timezone: ""), "timezone"),
            (LaunchProperties(timezone: "/etc/passwd"), "timezone"),
            (LaunchProperties(timezone: ":/etc/passwd"), "timezone"),
            (LaunchProperties(timezone: "Europe/../../passwd"), "timezone"),
            (LaunchProperties(timezone: "Europe"), "timezone"),
            (LaunchProperties(timezone: "Europe/Atlantis"), "timezone"),
            (LaunchProperties(timezone: "Europe/Berlin\n"), "timezone"),
        ])
    func refused(properties: LaunchProperties, field: String) {
        let error = #expect(throws: LaunchError.self) { try PropertyPolicy.check(properties) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.hasPrefix(field) == true)
        #expect(error?.message.utf8.allSatisfy { (0x20...0x7e).contains($0) } == true)
    }
}
