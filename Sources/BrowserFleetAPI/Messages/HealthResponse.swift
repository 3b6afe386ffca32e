// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The answer of `GET /health`. 200 while it can serve, else 503 with the same shape.
public struct HealthResponse: Hashable, Sendable, Codable {
    /// Memory in bytes.
    public struct Memory: Hashable, Sendable, Codable {
        /// Of the server's heap, in use.
        public var heapUsed: Int64
        /// Of the server's heap, taken from the system.
        public var heapTotal: Int64
        /// Of the server's process, resident.
        public var rss: Int64
        /// Of all browsers (PSS).
        public var browsers: Int64

        /// Creates a reading.
        public init(heapUsed: Int64, heapTotal: Int64, rss: Int64, browsers: Int64) {
            self.heapUsed = heapUsed
            self.heapTotal = heapTotal
            self.rss = rss
            self.browsers = browsers
        }
    }

    /// `ok`, or one word that says why it cannot serve.
    public var status: String
    /// The server ID.
    public var serverId: String
    /// The machine's name.
    public var hostname: String
    /// Browsers in use.
    public var browsers: Int
    /// Slots.
    public var maxBrowsers: Int
    /// Browsers that could be created now.
    public var available: Int
    /// Seconds since the start.
    public var uptime: Int64
    /// Memory.
    public var memory: Memory
    /// Leases now.
    public var activeSessions: Int
    /// Most leases.
    public var maxSessions: Int
    /// WebSockets now.
    public var activeConnections: Int
    /// Of BrowserFleet.
    public var version: String
    /// Of the browser engine.
    public var chromium: String
    /// How browsers are shut in: `jail`, `container` or `none`; `-unsandboxed` behind it where the
    /// engine's own sandbox is off.
    public var sandbox: String
    /// When this was written.
    public var timestamp: Timestamp

    /// Creates an answer.
    public init(
        status: String, serverId: String, hostname: String, browsers: Int, maxBrowsers: Int,
        available: Int, uptime: Int64, memory: Memory, activeSessions: Int, maxSessions: Int,
        activeConnections: Int, version: String, chromium: String, sandbox: String,
        timestamp: Timestamp
    ) {
        self.status = status
        self.serverId = serverId
        self.hostname = hostname
        self.browsers = browsers
        self.maxBrowsers = maxBrowsers
        self.available = available
        self.uptime = uptime
        self.memory = memory
        self.activeSessions = activeSessions
        self.maxSessions = maxSessions
        self.activeConnections = activeConnections
        self.version = version
        self.chromium = chromium
        self.sandbox = sandbox
        self.timestamp = timestamp
    }
}

/// The answer of `GET /api/health`.
public struct SessionHealthResponse: Hashable, Sendable, Codable {
    /// Leases.
    public struct Sessions: Hashable, Sendable, Codable {
        /// Now.
        public var active: Int
        /// At most.
        public var max: Int
    }

    /// Browsers.
    public struct Workers: Hashable, Sendable, Codable {
        /// Slots.
        public var totalBrowsers: Int
        /// Leased over slots, two decimals, cut off: 5 of 9 is 0.55.
        public var averageLoad: Double
    }

    /// Callers that wait.
    public struct Queues: Hashable, Sendable, Codable {
        /// For a browser.
        public var requests: Int
        /// For a screenshot.
        public var screenshots: Int
    }

    /// `ok`, or one word that says why it cannot serve.
    public var status: String
    /// Leases.
    public var sessions: Sessions
    /// Browsers.
    public var workers: Workers
    /// Callers that wait.
    public var queues: Queues

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - status: `ok`, or one word.
    ///   - leased: leases now; also what ``Workers/averageLoad`` is made of.
    ///   - maxSessions: most leases.
    ///   - capacity: slots.
    ///   - waiting: callers that wait for a browser.
    ///   - screenshots: callers that wait for a screenshot.
    public init(
        status: String, leased: Int, maxSessions: Int, capacity: Int, waiting: Int,
        screenshots: Int
    ) {
        self.status = status
        self.sessions = Sessions(active: leased, max: maxSessions)
        self.workers = Workers(
            totalBrowsers: capacity, averageLoad: Self.load(leased: leased, capacity: capacity))
        self.queues = Queues(requests: waiting, screenshots: screenshots)
    }

    /// Leased over capacity, cut off after two decimals.
    public static func load(leased: Int, capacity: Int) -> Double {
        guard capacity > 0 else { return 0 }
        return Double(leased * 100 / capacity) / 100
    }
}
