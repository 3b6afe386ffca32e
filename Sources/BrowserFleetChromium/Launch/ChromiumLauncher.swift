// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetEgress
public import BrowserFleetRuntime
import Glibc
public import Logging
public import NIOCore
public import NIOPosix
import Synchronization

/// Starts real Chromium browsers, each in a jail of its own whose only way out is our relay.
///
/// Nothing is made before the first launch. Several launchers may live in one process.
public final class ChromiumLauncher: BrowserLauncher {
    private static let count = Atomic<Int>(0)

    let configuration: ChromiumConfiguration
    let group: any EventLoopGroup
    let logger: Logger
    let live = LiveBrowsers()
    let folder: DataFolder
    let number: Int
    private let versions = Mutex<[String: EngineVersion]>([:])

    /// Creates a launcher.
    ///
    /// - Parameters:
    ///   - configuration: how browsers are started.
    ///   - group: the event loops of pipes and relays (NIOPosix).
    ///   - logger: told of launches that fail and of what sweeps remove.
    public init(
        configuration: ChromiumConfiguration = ChromiumConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "browserfleet.chromium")
    ) {
        self.configuration = configuration
        self.group = group
        self.logger = logger
        number = Self.count.add(1, ordering: .relaxed).newValue
        let server = Self.thisServer
        folder = DataFolder(
            dataDirectory: configuration.dataDirectory,
            launcher: "\(server.pid)-\(server.start)-\(number)")
    }

    /// This process, beyond doubt.
    static let thisServer = OwnerMark.Server(
        pid: getpid(), start: ProcessStat(pid: getpid())?.start ?? 0)

    /// The mark of a slot's processes.
    func mark(_ slot: SlotID) -> OwnerMark {
        OwnerMark(
            installation: OwnerMark.installation(
                dataDirectory: configuration.dataDirectory, uid: geteuid()),
            server: Self.thisServer, launcher: number, slot: slot)
    }

    /// Checks that browsers can be started, by starting one and ending it: for a server's start,
    /// so that a machine that cannot do it is refused with a remedy before clients come.
    ///
    /// - Throws: what a launch throws.
    public func verify() async throws(LaunchError) {
        let slot = SlotID(index: -1, occupation: 0)
        let browser = try await launch(LaunchRequest(slot: slot, properties: .headless))
        await browser.end(.evicted)
    }

    /// Checks what a client chose without starting anything.
    ///
    /// - Throws: ``LaunchError`` with code `invalid-argument`.
    public func check(_ properties: LaunchProperties) throws(LaunchError) {
        try PropertyPolicy.check(properties)
    }

    /// The version as far as it was asked, and how browsers are shut in.
    public var engine: EngineDescription {
        let known = versions.withLock { versions in
            versions.values.min { $0.description < $1.description }
        }
        let isolation: EngineDescription.Isolation =
            switch configuration.isolation {
            case .jail: .jail
            case .container: .container
            }
        return EngineDescription(
            version: known?.description ?? "Chromium, not started yet", isolation: isolation,
            sandbox: configuration.sandbox, builtAt: known?.builtAt,
            switches: ArgumentPolicy.standard.names.map { "--" + $0 })
    }

    /// Starts a browser and returns once it answers on its pipe.
    public func launch(_ request: LaunchRequest) async throws(LaunchError) -> ChromiumBrowser {
        let plan = try LaunchPlan(
            request, owner: mark(request.slot), configuration: configuration)
        try await checkVersion(of: plan)
        live.begin(request.slot)
        do {
            let browser = try await start(plan)
            live.add(browser)
            return browser
        } catch {
            live.remove(request.slot)
            throw error
        }
    }

    private func checkVersion(of plan: LaunchPlan) async throws(LaunchError) {
        if versions.withLock({ $0[plan.executable] }) != nil { return }
        let version = try await EngineVersion.ask(plan.executable, identity: plan.identity)
        try version.check()
        versions.withLock { $0[plan.executable] = version }
    }

    private func start(_ plan: LaunchPlan) async throws(LaunchError) -> ChromiumBrowser {
        let stopper = LaunchStopper()
        let attempt = LaunchAttempt(launcher: self, plan: plan, stopper: stopper)
        do {
            return try await stopper.watch(configuration.launchTimeout) { try await attempt.run() }
        } catch {
            let mended = explain(error, stopper.cause)
            logger.notice(
                "A browser did not start.",
                metadata: ["slot": "\(plan.owner.slot)", "error": "\(mended)"])
            throw mended
        }
    }

    private func explain(_ error: any Error, _ cause: LaunchStopper.Cause?) -> LaunchError {
        switch cause {
        case .cancelled:
            return LaunchError(.cancelled, "The launch was given up.", remedy: "")
        case .deadline:
            return LaunchFailure.error(.silent(after: configuration.launchTimeout), tail: "")
        case nil:
            return error as? LaunchError
                ?? LaunchError(.other, "\(error)", remedy: "Run fleetctl doctor.")
        }
    }
}
