// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How people write times in settings: `250ms`, `30s`, `5m`, `1h`, `2d`.
enum DurationText {
    /// A unit of time.
    enum Unit: String, CaseIterable, Sendable {
        case millisecond = "ms"
        case second = "s"
        case minute = "m"
        case hour = "h"
        case day = "d"

        /// One of it.
        var length: Duration {
            switch self {
            case .millisecond: .milliseconds(1)
            case .second: .seconds(1)
            case .minute: .seconds(60)
            case .hour: .seconds(3600)
            case .day: .seconds(86_400)
            }
        }
    }

    // Ten digits of days are beyond any range of the catalogue and still far from an overflow.
    private static let mostDigits = 10

    /// Reads a whole number with a unit behind it; without one the number is in `bare`.
    ///
    /// `nil` if it is anything else, also if it is negative or has a fraction.
    static func parse(_ text: some StringProtocol, bare: Unit) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.count <= mostDigits, let number = Int(digits) else {
            return nil
        }
        let suffix = text[digits.endIndex...]
        guard let unit = suffix.isEmpty ? bare : Unit(rawValue: suffix.lowercased()) else {
            return nil
        }
        return unit.length * number
    }

    /// Writes a time in the largest unit that leaves no rest.
    static func describe(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        for unit in Unit.allCases.reversed() where duration != .zero {
            let count = milliseconds / (unit.length / .milliseconds(1))
            if count >= 1, count == count.rounded() { return "\(Int(count))\(unit.rawValue)" }
        }
        return "0s"
    }
}
