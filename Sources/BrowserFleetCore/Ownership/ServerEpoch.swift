// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One process's hold of a server name: a number that grows each time the name is taken, and the
/// process itself, because a store that lost its disk counts backwards.
public struct ServerEpoch: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Grows with every taking of the name; compared by everybody who hears of it.
    public let number: Int64
    /// Drawn anew by every process.
    public let process: UUIDv4

    /// Creates an epoch.
    public init(number: Int64, process: UUIDv4) {
        self.number = number
        self.process = process
    }

    /// Number and process, as in `1795268400000/1b9d6bcd-…`.
    public var description: String { "\(number)/\(process)" }

    /// The number for the next taking of a name: above everything that is known of earlier ones,
    /// and not below the clock, so that it also grows where every memory was lost.
    ///
    /// - Parameters:
    ///   - known: numbers of earlier epochs: the store's, the process's own last one, one that
    ///     somebody refused this process for.
    ///   - unixMilliseconds: the wall clock. It may be wrong; it only has to be right when nothing
    ///     else is known.
    /// - Returns: the number to take.
    public static func number(above known: [Int64], unixMilliseconds: Int64) -> Int64 {
        let highest = known.max() ?? 0
        return max(highest == .max ? highest : highest + 1, unixMilliseconds)
    }
}

/// What somebody who hears from servers remembers of one name: the newest epoch.
///
/// The one rule of fencing: a process with an older epoch, or with the same number as another
/// process, is not listened to.
public struct EpochGuard: Hashable, Sendable {
    /// What to make of a message from a server.
    public enum Verdict: Hashable, Sendable {
        /// It comes from the process that holds the name, as far as is known here.
        case accepted
        /// It does not; the sender should hear of this number.
        case stale(newest: Int64)
    }

    /// The newest epoch that was accepted; `nil` before the first.
    public private(set) var newest: ServerEpoch?

    /// Creates a guard that knows nobody.
    public init() {}

    /// Judges a message under `epoch`, and remembers the epoch if it is newer.
    public mutating func judge(_ epoch: ServerEpoch) -> Verdict {
        guard let newest, newest != epoch else {
            self.newest = epoch
            return .accepted
        }
        guard epoch.number > newest.number else { return .stale(newest: newest.number) }
        self.newest = epoch
        return .accepted
    }
}
