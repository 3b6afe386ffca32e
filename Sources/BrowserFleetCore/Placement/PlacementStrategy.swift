// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How one of several servers that could all take a browser is chosen. The raw value is that of the
/// setting `PLACEMENT`.
public enum PlacementStrategy: String, Hashable, Sendable, CaseIterable {
    /// The highest priority, then the largest free share, then the shortest response time.
    case leastLoaded = "least-loaded"
    /// One after the other, by name.
    case roundRobin = "round-robin"
    /// By weight, evenly mixed (nginx's smooth weighted round robin).
    case weighted
    /// The less loaded of two drawn at random (Mitzenmacher, 2001): hardly worse than the least
    /// loaded, and many gateways do not all run to the same server.
    case twoChoices = "two-choices"
    /// The fullest that still has room, so that others empty and can be taken away.
    case pack
    /// The same server for the same key as long as it can take it (rendezvous hashing: Thaler and
    /// Ravishankar, 1998); a server that comes or goes moves only the keys it wins or leaves.
    /// Without a key as ``leastLoaded``.
    case sticky
}

extension PlacementTable.Row {
    /// Whether this server is the better one under ``PlacementStrategy/leastLoaded``; of equals the
    /// one that stands first is.
    func isLessLoaded(than other: PlacementTable.Row) -> Bool {
        rank == other.rank ? responseTime < other.responseTime : rank > other.rank
    }

    /// Whether this server is the better one under ``PlacementStrategy/pack``.
    func isFuller(than other: PlacementTable.Row) -> Bool { freeShare < other.freeShare }
}

/// Scores of servers for a key.
enum Rendezvous {
    /// The hash of a key, FNV-1a: the same in every process.
    static func hash(_ text: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    /// The score of a server for a key: the highest wins.
    static func score(key: UInt64, server: UInt64) -> UInt64 {
        var mixer = SplitMix64(state: key ^ server)
        return mixer.next()
    }
}
