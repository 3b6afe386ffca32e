// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The life of a server that was put together: it serves, hears signals, drains, and always ends.
struct ServerLife: Sendable {
    /// How long after the leases' grace the process is there at most.
    static let margin = Duration.seconds(5)
    private static let reportInterval = Duration.seconds(5)

    private let pool: BrowserPool<ChromiumLauncher>
    private let fleet: FleetParts
    private let group: ServiceGroup
    private let drainTimeout: Duration
    private let notifier: SystemdNotifier?
    private let lastDeadline: LastDeadline
    /// What a signal asks for is done here, one after the other, ...
    private let deeds = DispatchQueue(label: "browserfleet.stop")
    /// ... and said here, where a log that nobody reads holds up words only.
    private let words = DispatchQueue(label: "browserfleet.stop-words")
    private let logger: Logger

    /// Puts a server, its part in a fleet and its pool into one group.
    init(
        _ server: FleetHTTPServer<ChromiumLauncher>, _ fleet: FleetParts,
        _ pool: BrowserPool<ChromiumLauncher>, drainTimeout: Duration, notifier: SystemdNotifier?,
        logger: Logger
    ) {
        self.pool = pool
        self.fleet = fleet
        self.drainTimeout = drainTimeout
        self.notifier = notifier
        self.logger = logger
        lastDeadline = LastDeadline(logger: logger)
        // The pool hears of a drain first, and without leases it is done before the group is told.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: server)
        ]
        // The name is given back last, and the registry followed as long as anybody is answered.
        if let claim = fleet.claim { services.append(.init(service: claim)) }
        if let shared = fleet.link.shared { services.append(.init(service: shared.follower)) }
        services.append(.init(service: fleet.driver))
        if let gateway = fleet.gateway { services.append(.init(service: gateway)) }
        services.append(
            .init(service: pool, successTerminationBehavior: .gracefullyShutdownGroup))
        var configuration = ServiceGroupConfiguration(services: services, logger: logger)
        // The pool ends what is left at the drain timeout; then requests that hang are cut off,
        // and then everything is.
        configuration.maximumGracefulShutdownDuration = drainTimeout + Self.margin / 2
        group = ServiceGroup(configuration: configuration)
    }

    /// Serves; returns after a drain that SIGTERM or SIGINT began.
    ///
    /// - Parameter listening: waits until the server listens and tells whoever must know; false if
    ///   it never does.
    /// - Throws: one clear line when it cannot listen.
    func run(_ listening: @escaping @Sendable () async -> Bool) async throws {
        let began = ContinuousClock.now
        let signals = StopSignals { obey($0, $1) }
        let watch = Task {
            guard await listening() else { return lastDeadline.set(in: Self.margin) }
            await report()
        }
        defer {
            signals.cancel()
            watch.cancel()
        }
        try await group.run()
        let ledger = pool.snapshot().ledger
        say(
            "stopped",
            [
                "uptimeSeconds": "\(began.duration(to: .now).components.seconds)",
                "browsersGiven": "\(ledger.granted)", "drained": "\(ledger.leasesEnded(.drained))",
                "endedByStop": "\(ledger.leasesEnded(.serverStopping))",
            ])
        // The process ends now, and its last words with it.
        words.sync {}
    }

    // MARK: Stopping

    /// Called where nothing may wait: the deadline first, then the deeds elsewhere.
    private func obey(_ step: StopRequests.Step, _ signal: String) {
        switch step {
        case .drain:
            lastDeadline.set(in: drainTimeout + Self.margin)
            deeds.async { drain(signal) }
        case .hurry:
            lastDeadline.set(in: Self.margin)
            deeds.async { hurry() }
        case .leave: lastDeadline.set(in: .zero)
        }
    }

    private func drain(_ signal: String) {
        let counts = pool.snapshot().counts
        // First the pool: from here on nobody gets a browser.
        pool.drain()
        fleet.driver.stopCreates()
        fleet.gateway?.beginDrain()
        Task { await group.triggerGracefulShutdown() }
        notifier?.send(
            SystemdNotifier.stopping, SystemdNotifier.status("draining, \(counts.leased) leases"),
            SystemdNotifier.extendTimeout(drainTimeout + Self.margin * 2))
        say(
            "draining; a second signal ends the leases at once",
            [
                "signal": "\(signal)", "leases": "\(counts.leased)",
                "waiting": "\(counts.waiting)", "grace": "\(drainTimeout)",
            ])
    }

    private func hurry() {
        let leases = pool.snapshot().counts.leased
        pool.stop()
        fleet.gateway?.hurry()
        say("ending the leases at once", ["leases": "\(leases)"])
    }

    private func say(_ message: Logger.Message, _ metadata: Logger.Metadata) {
        words.async { logger.notice(message, metadata: metadata) }
    }

    // MARK: Telling how it is

    private func report() async {
        notifier?.send(SystemdNotifier.ready, SystemdNotifier.status(status))
        let pause = min(notifier?.heartbeatInterval ?? Self.reportInterval, Self.reportInterval)
        var told = ContinuousClock.now
        while (try? await Task.sleep(for: pause)) != nil {
            guard await isAlive() else { continue }
            notifier?.send(SystemdNotifier.heartbeat, SystemdNotifier.status(status))
            guard told.duration(to: .now) >= Self.reportInterval else { continue }
            told = .now
            reportDrain()
        }
    }

    /// Whether the pool's lock is free and an event loop turns: what a heartbeat stands for.
    private func isAlive() async -> Bool {
        _ = pool.unready
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return (try? await loop.submit {}.get()) != nil
    }

    private func reportDrain() {
        let snapshot = pool.snapshot()
        guard snapshot.mode != .running else { return }
        logger.notice(
            "still draining",
            metadata: [
                "leases": "\(snapshot.counts.leased)", "ending": "\(snapshot.counts.ending)",
            ])
    }

    private var status: String {
        let snapshot = pool.snapshot()
        let counts = snapshot.counts
        let word = pool.unready ?? "serving"
        return "\(word): \(counts.leased) of \(snapshot.maxLeases) leases, \(counts.warm) warm, "
            + "\(counts.waiting) waiting"
    }
}
