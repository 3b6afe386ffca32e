// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where an entry stands in a log of a store; what a reader goes on from (`Last-Event-ID`).
///
/// Only the order means something, and only within one store. Redis fills both numbers with the
/// ID of a stream entry, PostgreSQL with a transaction and a row, SQLite and memory one of them.
public struct LogPosition: Hashable, Comparable, Sendable {
    /// Compared first.
    public let major: UInt64
    /// Compared among equals.
    public let minor: UInt64

    /// Before every entry.
    public static let origin = LogPosition(major: 0, minor: 0)

    /// Creates a position; only stores have a reason to.
    public init(major: UInt64, minor: UInt64) {
        self.major = major
        self.minor = minor
    }

    /// Reads `12-3`, or `12` for `12-0`; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let major = Self.number(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(major: major, minor: 0)
            return
        }
        guard let minor = Self.number(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    /// The entry further back is the lesser.
    public static func < (left: LogPosition, right: LogPosition) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    // `UInt64("+5")` is 5, which is not how a position is written.
    private static func number(_ text: some StringProtocol) -> UInt64? {
        text.utf8.allSatisfy(ASCII.isDigit) ? UInt64(text) : nil
    }
}

extension LogPosition: CustomStringConvertible {
    /// The position as a reader sends it back, such as `12-3`.
    public var description: String { "\(major)-\(minor)" }
}
