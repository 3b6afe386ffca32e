// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Turns the text of a setting into its value.
enum SettingReader {
    /// Checks `text` as the value of `setting`. It stands in `place`, a flag, variable or key,
    /// which the error names.
    ///
    /// - Throws: a ``SettingsProblem`` that says what was expected, without the text of secrets.
    static func read(
        _ text: String, for setting: Setting, from place: String
    ) throws(SettingsProblem) -> SettingValue {
        let trimmed = text.trimmingSpaces
        guard !trimmed.isEmpty else {
            throw SettingsProblem("\(place) is empty; give it \(expected(setting.kind))")
        }
        switch setting.kind {
        case .text, .secret: return .text(trimmed)
        case .storeAddress: return .text(try store(trimmed, place))
        case .url: return try url(trimmed, place)
        case .list: return .list(items(of: trimmed))
        case .choice(let words):
            guard words.contains(trimmed) else {
                throw wrong(place, trimmed, setting.kind)
            }
            return .text(trimmed)
        case .toggle: return try toggle(trimmed, place)
        case .count(let range):
            guard let count = Int(trimmed) else { throw wrong(place, trimmed, setting.kind) }
            return .count(try held(count, in: range, place, trimmed, setting.kind))
        case .duration(let range, let bare):
            guard let duration = DurationText.parse(trimmed, bare: bare) else {
                throw wrong(place, trimmed, setting.kind)
            }
            return .duration(try held(duration, in: range, place, trimmed, setting.kind))
        case .bytes(let range):
            guard let bytes = ByteText.parse(trimmed) else {
                throw wrong(place, trimmed, setting.kind)
            }
            return .bytes(try held(bytes, in: range, place, trimmed, setting.kind))
        }
    }

    /// What may be written, for errors and help.
    static func expected(_ kind: SettingKind) -> String {
        switch kind {
        case .text, .secret: "a text"
        case .url: "a URL such as https://fleet.example.com"
        case .storeAddress: "an address such as sqlite:fleet.db or redis://host:6379"
        case .list: "one or more texts, separated by commas"
        case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range, _):
            "a time from \(DurationText.describe(range.lowerBound)) to "
                + "\(DurationText.describe(range.upperBound)), such as 250ms, 30s, 5m or 1h"
        case .bytes(let range):
            "an amount from \(ByteText.describe(range.lowerBound)) to "
                + "\(ByteText.describe(range.upperBound)), such as 512MiB or 1GiB"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .toggle: "true or false"
        }
    }

    // REDIS_ENDPOINT may be a host and nothing else.
    private static func store(
        _ text: String, _ place: String
    ) throws(SettingsProblem) -> String {
        let isHost = place.hasPrefix("REDIS_ENDPOINT") && !text.contains("://")
        let address = isHost ? "redis://\(text)" : text
        do {
            _ = try StoreAddress(address)
        } catch {
            throw SettingsProblem("\(place): \(error)")
        }
        return address
    }

    private static func held<Value: Comparable>(
        _ value: Value, in range: ClosedRange<Value>, _ place: String, _ text: String,
        _ kind: SettingKind
    ) throws(SettingsProblem) -> Value {
        guard range.contains(value) else { throw wrong(place, text, kind) }
        return value
    }

    private static func wrong(
        _ place: String, _ text: String, _ kind: SettingKind
    ) -> SettingsProblem {
        SettingsProblem("\(place) is \"\(text)\"; it must be \(expected(kind))")
    }

    private static func items(of text: String) -> [String] {
        text.split(separator: ",").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
    }

    private static func toggle(
        _ text: String, _ place: String
    ) throws(SettingsProblem) -> SettingValue {
        switch text.lowercased() {
        case "true", "yes", "on", "1": return .toggle(true)
        case "false", "no", "off", "0": return .toggle(false)
        case _: throw wrong(place, text, .toggle)
        }
    }

    private static func url(
        _ text: String, _ place: String
    ) throws(SettingsProblem) -> SettingValue {
        let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
        guard let scheme, text.count > scheme.count, !text.contains(where: \.isWhitespace) else {
            throw wrong(place, text, .url)
        }
        return .text(text.hasSuffix("/") ? String(text.dropLast()) : text)
    }
}

extension StringProtocol {
    /// The text without white space at both ends.
    var trimmingSpaces: String {
        let front = drop(while: \.isWhitespace)
        guard let last = front.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(front[...last])
    }
}
