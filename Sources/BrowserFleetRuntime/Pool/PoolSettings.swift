// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What a pool's driver is told besides the rules of the machine.
public struct PoolSettings: Sendable {
    /// The server's name, part of every browser's ID.
    public var serverName: ServerName
    /// How often what no slot owns is removed.
    public var sweepInterval: Duration
    /// How often the machine's load is read.
    public var pressureInterval: Duration
    /// How often each leased browser's memory is read at least.
    public var memoryInterval: Duration
    /// How often the machine's memory is glanced at, to see whether one of them grows fast.
    public var memoryGlance: Duration
    /// How long leases may run on after a shutdown began.
    public var drainTimeout: Duration
    /// Ended browsers that are remembered.
    public var tombstones: Int

    /// Creates settings with the defaults of the server.
    public init(
        serverName: ServerName = .localhost, sweepInterval: Duration = .seconds(30),
        pressureInterval: Duration = .seconds(2), memoryInterval: Duration = .seconds(15),
        memoryGlance: Duration = .milliseconds(500), drainTimeout: Duration = .seconds(60),
        tombstones: Int = 10_000
    ) {
        self.serverName = serverName
        self.sweepInterval = sweepInterval
        self.pressureInterval = pressureInterval
        self.memoryInterval = memoryInterval
        self.memoryGlance = memoryGlance
        self.drainTimeout = drainTimeout
        self.tombstones = tombstones
    }
}
