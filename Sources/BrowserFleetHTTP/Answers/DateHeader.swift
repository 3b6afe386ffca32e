// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Synchronization

/// The `Date` header, written once a second however many answers carry it.
final class DateHeader: Sendable {
    private let last = Mutex<(second: Int64, text: String)>((-1, ""))

    init() {}

    /// The header's value (RFC 9110 section 5.6.7) at a moment.
    func text(at moment: Timestamp) -> String {
        let second = moment.millisecondsSince1970 / 1000
        return last.withLock { last in
            if last.second != second {
                last = (second, Self.written(moment))
            }
            return last.text
        }
    }

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 21 Nov 2026 03:07:00 GMT`, from the parts of the ISO 8601 form.
    static func written(_ moment: Timestamp) -> String {
        let parts = moment.description.split { "-T:.Z".contains($0) }
        let days = Int(moment.millisecondsSince1970 / 86_400_000)
        guard parts.count == 7, let month = Int(parts[1]) else { return "" }
        return "\(weekdays[days % 7]), \(parts[2]) \(months[month - 1]) \(parts[0]) "
            + "\(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }
}
