// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a server says of itself in every heartbeat: all of it, never a difference.
public struct ServerReport: Hashable, Sendable, Codable {
    /// Whether it takes new leases.
    public var isAccepting: Bool
    /// Why it takes none, as the word of its pool; `nil` while it does.
    public var reason: String?
    /// Slots it has.
    public var capacity: Int
    /// Browsers that clients have.
    public var leased: Int
    /// Browsers ready to be given.
    public var warm: Int
    /// Browsers on their way.
    public var starting: Int
    /// Browsers being taken down.
    public var ending: Int
    /// Callers in its queue.
    public var waiting: Int
    /// WebSockets on its browsers.
    public var connections: Int
    /// Processor time in use, 0 to 100, of the container or the host.
    public var cpuPercent: Int?
    /// Memory in use, 0 to 100.
    public var memoryPercent: Int?
    /// Milliseconds since 1970 at which the process began.
    public var startedAt: Int64
    /// The version of this program.
    public var version: String
    /// The version of its browsers.
    public var engine: String?

    /// Creates a report of a server that has nothing going on.
    public init(capacity: Int, startedAt: Int64, version: String) {
        isAccepting = true
        self.capacity = capacity
        (leased, warm, starting, ending, waiting, connections) = (0, 0, 0, 0, 0, 0)
        self.startedAt = startedAt
        self.version = version
    }
}
