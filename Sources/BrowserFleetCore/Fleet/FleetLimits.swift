// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How a gateway watches servers.
public struct FleetLimits: Hashable, Sendable {
    /// When silence is suspicious, and how a suspect is asked: `FAILURE_DETECTION_TIMEOUT`.
    public var silence: FailureDetector.Limits
    /// Time between two checks of a server that sends heartbeats: `HEALTH_CHECK_INTERVAL`.
    public var checkInterval: Duration
    /// Time between two checks of a server that sends none, whose answers are its heartbeats:
    /// `HEARTBEAT_INTERVAL`.
    public var pullInterval: Duration
    /// How long a check may take: `HEALTH_CHECK_TIMEOUT`.
    public var checkTimeout: Duration
    /// Passed checks in a row that make a server healthy: `HEALTHY_THRESHOLD`.
    public var rise: Int
    /// Failed checks in a row that make it unhealthy: `UNHEALTHY_THRESHOLD`.
    public var fall: Int
    /// When real calls that fail keep a server from new browsers.
    public var outliers: OutlierDetector.Limits
    /// The share of the servers that may be given up in a minute; one always may.
    public var evictionShare: Double
    /// How long after a refused eviction the next is tried.
    public var evictionPause: Duration
    /// How long a server that only registered itself is remembered after it is gone.
    public var memory: Duration
    /// How many servers are watched at most.
    public var mostServers: Int

    /// Creates limits; the defaults are those of the settings.
    public init(
        silence: FailureDetector.Limits = FailureDetector.Limits(),
        checkInterval: Duration = .seconds(2), pullInterval: Duration = .seconds(1),
        checkTimeout: Duration = .seconds(1), rise: Int = 2, fall: Int = 3,
        outliers: OutlierDetector.Limits = OutlierDetector.Limits(), evictionShare: Double = 0.1,
        evictionPause: Duration = .seconds(1), memory: Duration = .seconds(3600),
        mostServers: Int = 20_000
    ) {
        self.silence = silence
        self.checkInterval = max(.milliseconds(10), checkInterval)
        self.pullInterval = max(.milliseconds(10), pullInterval)
        self.checkTimeout = checkTimeout
        self.rise = rise
        self.fall = fall
        self.outliers = outliers
        self.evictionShare = evictionShare
        self.evictionPause = max(.milliseconds(10), evictionPause)
        self.memory = memory
        self.mostServers = mostServers
    }
}
