// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Decides when the memory of every leased browser is read.
///
/// Reading it costs milliseconds a browser, so it happens at an interval; but a page can take a
/// gigabyte in a second. What the machine has left is cheap to read, so that is glanced at often,
/// and a fall by a good part of one browser's limit brings the reading forward.
public struct MemoryWatch: Equatable, Sendable {
    private let interval: Duration
    /// Bytes by which what is left may fall before a browser may be near its limit.
    private let fall: Int64?
    private var readAt: FleetInstant?
    /// The most that was left since the last reading.
    private var most: Int64?

    /// Creates a watch that has read nothing yet.
    ///
    /// - Parameters:
    ///   - interval: how often memory is read when nothing happens.
    ///   - limit: bytes that one browser may have; nil is no limit, and nothing is ever read.
    public init(interval: Duration, limit: Int64?) {
        self.interval = interval
        fall = limit.map { max(1, $0 / 4) }
    }

    /// Whether to read the browsers' memory now.
    ///
    /// - Parameters:
    ///   - available: bytes that the machine, or the container, has left; nil if nobody knows.
    ///   - now: the present.
    /// - Returns: true if it is to be read; counts as done then.
    public mutating func isDue(available: Int64?, at now: FleetInstant) -> Bool {
        guard let fall else { return false }
        let last = readAt ?? now
        readAt = last
        if let available { most = max(most ?? available, available) }
        var hasFallen = false
        if let available, let most { hasFallen = most - available >= fall }
        guard hasFallen || last.duration(to: now) >= interval else { return false }
        readAt = now
        most = available
        return true
    }
}
