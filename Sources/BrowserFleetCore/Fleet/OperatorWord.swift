// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What an operator last said about whether a server is to take new leases.
///
/// It is said at any gateway and travels with the server's reports and their answers, so that all
/// gateways come to know it without knowing each other. Of two words the later counts, everywhere.
public struct OperatorWord: Hashable, Comparable, Sendable, Codable {
    /// Whether it is to take none.
    public let isDraining: Bool
    /// When it was said, in milliseconds since 1970 by the clock of whoever heard it first.
    public let saidAt: Int64

    /// Creates a word.
    public init(isDraining: Bool, saidAt: Int64) {
        self.isDraining = isDraining
        self.saidAt = saidAt
    }

    /// A word that is said now: later than the one that is known, even where the clock was set
    /// back.
    public init(isDraining: Bool, after known: OperatorWord?, unixMilliseconds: Int64) {
        self.init(
            isDraining: isDraining,
            saidAt: known.map { max($0.saidAt &+ 1, unixMilliseconds) } ?? unixMilliseconds)
    }

    /// Of two words of one moment the careful one counts, whoever compares them.
    public static func < (left: OperatorWord, right: OperatorWord) -> Bool {
        guard left.saidAt == right.saidAt else { return left.saidAt < right.saidAt }
        return !left.isDraining && right.isDraining
    }

    /// Whether a word counts instead of what was known before.
    public func replaces(_ known: OperatorWord?) -> Bool { known.map { $0 < self } ?? true }
}
