// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The answer of `GET /api/stats`: what happened since the start.
public struct StatsResponse: Hashable, Sendable, Codable {
    /// How long something took, in milliseconds, over the last calls.
    public struct Latency: Hashable, Sendable, Codable {
        /// Calls in all.
        public var count: Int64
        /// Half took no longer.
        public var p50Ms: Double
        /// 95 of 100 took no longer.
        public var p95Ms: Double
        /// 99 of 100 took no longer.
        public var p99Ms: Double

        /// Creates figures.
        public init(count: Int64, p50Ms: Double, p95Ms: Double, p99Ms: Double) {
            self.count = count
            self.p50Ms = p50Ms
            self.p95Ms = p95Ms
            self.p99Ms = p99Ms
        }
    }

    /// Seconds since the start.
    public var uptime: Int64
    /// Browsers given to callers.
    public var created: Int64
    /// Of these, warm ones.
    public var warmStarts: Int64
    /// Of these, started for their caller.
    public var coldStarts: Int64
    /// Ends by reason; every word of `EndReason` is there.
    public var ended: [String: Int64]
    /// Errors by code; codes that never came are absent.
    public var errors: [String: Int64]
    /// WebSockets opened.
    public var connections: Int64
    /// Latencies by name: `acquire`, `launch`, `queueWait`, `roundTrip`, `screenshot`.
    public var latencies: [String: Latency]

    /// Creates an answer.
    public init(
        uptime: Int64, created: Int64, warmStarts: Int64, coldStarts: Int64,
        ended: [String: Int64], errors: [String: Int64], connections: Int64,
        latencies: [String: Latency]
    ) {
        self.uptime = uptime
        self.created = created
        self.warmStarts = warmStarts
        self.coldStarts = coldStarts
        self.ended = ended
        self.errors = errors
        self.connections = connections
        self.latencies = latencies
    }
}

/// The answer of `GET /limits`: what the caller's key may still take.
public struct LimitsResponse: Hashable, Sendable, Codable {
    /// The key's name.
    public var key: String
    /// Browsers it has.
    public var browsers: Int
    /// Browsers it may have at once; absent without a limit of its own.
    public var maxBrowsers: Int?
    /// Creates it may make in a minute; absent without a limit.
    public var createsPerMinute: Int?
    /// Creates it may make now.
    public var createsLeft: Int?
    /// When the next create is allowed, in milliseconds from now; 0 is now.
    public var nextCreateInMs: Int64
    /// The highest class of service it may ask for.
    public var maxPriority: RequestPriority
    /// Browsers that the server could give now.
    public var available: Int
    /// Callers that wait.
    public var waiting: Int

    /// Creates an answer.
    public init(
        key: String, browsers: Int, maxBrowsers: Int?, createsPerMinute: Int?, createsLeft: Int?,
        nextCreateInMs: Int64, maxPriority: RequestPriority, available: Int, waiting: Int
    ) {
        self.key = key
        self.browsers = browsers
        self.maxBrowsers = maxBrowsers
        self.createsPerMinute = createsPerMinute
        self.createsLeft = createsLeft
        self.nextCreateInMs = nextCreateInMs
        self.maxPriority = maxPriority
        self.available = available
        self.waiting = waiting
    }
}
