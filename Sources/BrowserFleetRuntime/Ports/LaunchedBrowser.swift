// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// One running browser, as the pool sees it.
public protocol LaunchedBrowser: Sendable {
    /// Applies what can be chosen at the moment of the lease: upstream proxy, egress rules, viewport.
    ///
    /// Called at most once, before the browser is handed out. A throw ends the browser and fails
    /// the create call.
    func prepare(_ settings: LeaseSettings) async throws(LaunchError)

    /// When a client last sent or received a CDP message; `nil` if none ever did.
    var lastActivity: FleetInstant? { get }

    /// Bytes that crossed the relay, so far.
    var traffic: BrowserTraffic { get }

    /// Memory and CPU of the whole process tree; `nil` when it is gone. Reads `/proc`: not free,
    /// not for a hot path.
    func resources() async -> BrowserResources?

    /// Returns when the browser has ended by itself, when a client asked it to close, or when
    /// ``end(_:)`` was called. In the first two cases the pool then calls ``end(_:)``.
    func awaitExit() async -> BrowserExit

    /// Ends the browser: its clients are told `reason` by their close code, then processes, jail
    /// and files are destroyed. Idempotent; returns when nothing is left.
    func end(_ reason: EndReason) async
}

/// How a browser came to its end.
public enum BrowserExit: Sendable, Equatable {
    /// Its processes or its pipe are gone, unasked.
    case crashed
    /// A client sent `Browser.close`, and has its answer.
    case closedByClient
    /// ``LaunchedBrowser/end(_:)`` was called.
    case ended
}

/// What a lease may choose on any warm browser.
public struct LeaseSettings: Sendable {
    /// The upstream proxy, as the create call gave it; credentials stay inside.
    public var proxy: ProxySettings?
    /// Size of new pages in CSS pixels.
    public var viewport: Viewport?

    /// Creates settings.
    public init(proxy: ProxySettings? = nil, viewport: Viewport? = nil) {
        self.proxy = proxy
        self.viewport = viewport
    }
}

/// A page size in CSS pixels.
public struct Viewport: Sendable, Hashable {
    /// Width in CSS pixels.
    public var width: Int
    /// Height in CSS pixels.
    public var height: Int

    /// Creates a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// An upstream proxy, with its secret parts kept out of every description.
public struct ProxySettings: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// `http://host:port` or `https://host:port`, without user and password.
    public var server: String
    /// The user name, if the proxy wants one.
    public var username: String?
    /// The password, if the proxy wants one.
    public var password: String?
    /// Hosts that are dialled without the proxy.
    public var bypass: [String]

    /// Creates settings.
    public init(
        server: String, username: String? = nil, password: String? = nil, bypass: [String] = []
    ) {
        self.server = server
        self.username = username
        self.password = password
        self.bypass = bypass
    }

    /// The server and whether credentials are set; never the credentials.
    public var description: String {
        "\(server)\(username == nil ? "" : " (with credentials)")"
    }

    /// Mirrors the description only, so that dumps leak nothing.
    public var customMirror: Mirror { Mirror(self, children: ["server": server]) }
}

/// Bytes through the relay of one browser.
public struct BrowserTraffic: Sendable, Equatable {
    /// Bytes that came in from the network.
    public var bytesIn: Int64
    /// Bytes that went out to the network.
    public var bytesOut: Int64
    /// Connections that the egress rules refused.
    public var refused: Int64

    /// Creates counters.
    public init(bytesIn: Int64 = 0, bytesOut: Int64 = 0, refused: Int64 = 0) {
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.refused = refused
    }
}

/// Memory and processor time of one browser's process tree.
public struct BrowserResources: Sendable, Equatable {
    /// Proportional set size in bytes (`smaps_rollup`).
    public var memory: Int64
    /// Processor time used so far.
    public var processorTime: Duration
    /// Number of processes.
    public var processes: Int

    /// Creates a reading.
    public init(memory: Int64, processorTime: Duration, processes: Int) {
        self.memory = memory
        self.processorTime = processorTime
        self.processes = processes
    }
}
