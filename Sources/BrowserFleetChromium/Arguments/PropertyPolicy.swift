// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime

/// Checks the named launch properties, which become switches and environment variables.
enum PropertyPolicy {
    /// The most bytes of a user agent.
    static let maximumUserAgent = 512

    /// Checks everything a client chose.
    ///
    /// - Throws: ``LaunchError`` with code `invalid-argument` that names the property.
    static func check(_ properties: LaunchProperties) throws(LaunchError) {
        do throws(LaunchError) {
            try ArgumentPolicy.standard.check(properties.arguments)
        } catch {
            throw refusal("args: \(error.message)", error.remedy)
        }
        if let agent = properties.userAgent, !isUserAgent(agent) {
            throw refusal(
                "userAgent \(Printable.quote(agent)) cannot be sent in a header.",
                "Use 1 to \(maximumUserAgent) characters of printable ASCII.")
        }
        if let locale = properties.locale, !LanguageTag.isValid(locale) {
            throw refusal(
                "locale \(Printable.quote(locale)) is not a language tag.",
                "Write a tag such as de-DE.")
        }
        if let zone = properties.timezone, !isTimeZone(zone) {
            throw refusal(
                "timezone \(Printable.quote(zone)) is not a time zone.",
                "Write a name of the time zone database, such as Europe/Berlin.")
        }
    }

    private static func isUserAgent(_ text: String) -> Bool {
        (1...maximumUserAgent).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
            && text.utf8.first != 0x20 && text.utf8.last != 0x20
    }

    /// Whether this is a zone's name. The value goes into `TZ`, where a leading colon or slash
    /// would name a file.
    private static func isTimeZone(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard name.utf8.count <= 64, (1...3).contains(parts.count), parts.allSatisfy(isZonePart)
        else { return false }
        let database = "/usr/share/zoneinfo"
        // Chromium carries a database of its own; the system's only tells spelling mistakes.
        guard SystemPaths.isDirectory(database) else { return true }
        return SystemPaths.resolved("\(database)/\(name)") != nil
            && !SystemPaths.isDirectory("\(database)/\(name)")
    }

    private static func isZonePart(_ part: Substring) -> Bool {
        guard let first = part.utf8.first, (65...90).contains(first & 0xdf) else { return false }
        return part.utf8.allSatisfy { byte in
            (65...90).contains(byte & 0xdf) || (48...57).contains(byte)
                || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+")].contains(byte)
        }
    }

    private static func refusal(_ message: String, _ remedy: String) -> LaunchError {
        LaunchError(.invalidArgument, message, remedy: remedy)
    }
}
