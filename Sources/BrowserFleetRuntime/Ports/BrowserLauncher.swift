// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Starts browsers; the port between the pool and whatever a browser is.
///
/// A launcher knows nothing of leases, queues or clients. It owns what it starts: after
/// ``LaunchedBrowser/end(_:)`` returns, or after a launch threw, nothing of that browser is left
/// (no process, jail, profile or socket).
public protocol BrowserLauncher: Sendable {
    /// What a launch gives.
    associatedtype Browser: LaunchedBrowser

    /// Refuses properties that no launch will ever accept, so that their caller need not wait in a
    /// queue to hear it. Starts nothing; accepts everything unless a launcher says otherwise.
    ///
    /// - Throws: ``LaunchError`` with code ``LaunchError/Code/invalidArgument``.
    func check(_ properties: LaunchProperties) throws(LaunchError)

    /// Starts one browser and returns once it answers.
    ///
    /// Cancelling the calling task gives the launch up: whatever was started is removed before the
    /// call throws ``LaunchError/Code/cancelled``.
    func launch(_ request: LaunchRequest) async throws(LaunchError) -> Browser

    /// Removes processes, jails, profiles and sockets that carry this server's owner mark and that
    /// no slot in `owned` accounts for. Never touches what is not ours.
    ///
    /// Called once before the first launch (with an empty set) and then every sweep interval.
    func sweep(keeping owned: Set<SlotID>) async -> SweepReport

    /// What is known of the engine without starting a browser: shown by `/health` and the log.
    var engine: EngineDescription { get }
}

extension BrowserLauncher {
    /// Accepts everything.
    public func check(_ properties: LaunchProperties) throws(LaunchError) {}
}

/// One launch, as the pool asks for it.
public struct LaunchRequest: Sendable, Equatable {
    /// The slot that will own the browser; part of its owner mark.
    public var slot: SlotID
    /// The properties that can only be chosen before a start.
    public var properties: LaunchProperties

    /// Creates a request.
    public init(slot: SlotID, properties: LaunchProperties) {
        self.slot = slot
        self.properties = properties
    }
}

/// What a sweep removed.
public struct SweepReport: Sendable, Equatable {
    /// Processes that were killed.
    public var processes: Int
    /// Folders (profiles, jails, sockets) that were removed.
    public var folders: Int

    /// Creates a report.
    public init(processes: Int = 0, folders: Int = 0) {
        self.processes = processes
        self.folders = folders
    }
}

/// The engine behind a launcher, for people and for `/health`.
public struct EngineDescription: Sendable, Equatable {
    /// How far browsers are shut in.
    public enum Isolation: String, Sendable {
        /// Own namespaces, the relay as the only way out, the engine's sandbox on.
        case jail
        /// One container for all; pipe and relay stay.
        case container
        /// No isolation: fakes in tests.
        case none
    }

    /// Product name and version, such as `Chromium 156.0.8078.79`.
    public var version: String
    /// The isolation that every launch uses.
    public var isolation: Isolation
    /// Whether the engine's own sandbox is on.
    public var sandbox: Bool
    /// When the engine was built, in milliseconds since 1970, as far as its program file tells;
    /// security fixes that came later are not in it.
    public var builtAt: Int64?
    /// Names of the switches that a client may add, as `--mute-audio`; sorted.
    public var switches: [String]

    /// Creates a description.
    public init(
        version: String, isolation: Isolation, sandbox: Bool, builtAt: Int64? = nil,
        switches: [String] = []
    ) {
        self.version = version
        self.isolation = isolation
        self.sandbox = sandbox
        self.builtAt = builtAt
        self.switches = switches
    }

    /// The age at which an engine is called old: a release of Chromium, which come every
    /// four weeks, and its security fixes are missing.
    public static let oldAfterDays: Int64 = 30

    /// Whole days since the build; nil if that is not known.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: the age, not below 0.
    public func ageInDays(at now: Int64) -> Int64? {
        builtAt.map { max(0, now - $0) / 86_400_000 }
    }

    /// Whether the engine is old.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false also where the age is not known.
    public func isOld(at now: Int64) -> Bool {
        ageInDays(at: now).map { $0 >= Self.oldAfterDays } ?? false
    }
}
