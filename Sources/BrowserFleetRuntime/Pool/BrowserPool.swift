// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import Logging
public import Metrics
public import ServiceLifecycle

/// A server's browsers: warm ones, leased ones, and the callers that wait for one.
///
/// Nothing is decided here: `PoolMachine` decides, and this type carries events to it and its
/// actions to the launcher. Run it with ``run()`` inside a service group, or with ``run(_:)``
/// around a body; browsers exist only while one of them runs.
public final class BrowserPool<Launcher: BrowserLauncher>: Service {
    /// What the pool hands out.
    public typealias Browser = Launcher.Browser

    /// Starts the browsers.
    public let launcher: Launcher
    /// Callers that may wait at once.
    package let queueBound: Int
    let driver: PoolDriver<Launcher>
    let pressure: any PressureReader

    /// Creates a pool that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: the rules of the pool.
    ///   - settings: what the driver needs besides.
    ///   - launcher: starts the browsers.
    ///   - clock: tells the time and sleeps.
    ///   - pressure: reads how busy the machine is.
    ///   - metrics: keeps the pool's measurements.
    ///   - events: takes the events of browsers that are given to callers and that end.
    ///   - logger: hears of launches that fail and of browsers that end.
    public init(
        configuration: PoolConfiguration, settings: PoolSettings = PoolSettings(),
        launcher: Launcher, clock: any FleetClock = MonotonicClock(),
        pressure: any PressureReader = SystemPressure(),
        metrics: any MetricsFactory = MetricsSystem.factory, events: (any EntrySink)? = nil,
        logger: Logger = Logger(label: "browserfleet.pool")
    ) {
        self.launcher = launcher
        self.pressure = pressure
        queueBound = configuration.queueBound
        driver = PoolDriver(
            configuration: configuration, settings: settings, clock: clock,
            metrics: PoolMetrics(factory: metrics), events: events, logger: logger)
    }

    /// The server's name, part of every browser's ID.
    public var serverName: ServerName { driver.settings.serverName }

    /// The clock of the pool.
    public var clock: any FleetClock { driver.clock }

    // MARK: Leases

    /// Waits for a browser and takes possession of it.
    ///
    /// Cancelling the task gives the wait up; a browser that was granted in that moment is ended,
    /// never left with nobody. Give the lease back with ``end(_:_:)``, or use
    /// ``withBrowser(_:_:)``, which does.
    ///
    /// - Parameter request: what is wanted.
    /// - Returns: the lease; its browser answers already.
    /// - Throws: ``PoolError``.
    public func acquire(
        _ request: AcquireRequest = AcquireRequest()
    ) async throws(PoolError) -> Lease<Browser> {
        do throws(LaunchError) {
            try launcher.check(request.properties)
        } catch {
            throw PoolError(.unacceptable(error))
        }
        let lease = try await driver.acquire(request).get()
        do throws(LaunchError) {
            if request.settings.isNeeded { try await lease.browser.prepare(request.settings) }
        } catch {
            end(lease.id, .unhealthy)
            throw PoolError(.notPrepared(error))
        }
        guard !Task.isCancelled else {
            end(lease.id, .abandoned)
            throw PoolError(.cancelled)
        }
        return lease
    }

    /// Runs `body` with a browser that is given back however the body ends.
    ///
    /// - Parameters:
    ///   - request: what is wanted.
    ///   - body: uses the browser.
    /// - Returns: what the body returns.
    /// - Throws: ``PoolError`` when there is no browser, else what the body throws.
    public func withBrowser<Value>(
        _ request: AcquireRequest = AcquireRequest(),
        _ body: (Browser) async throws -> Value
    ) async throws -> Value {
        let lease = try await acquire(request)
        defer { end(lease.id, .deleted) }
        driver.use(lease.id)
        return try await body(lease.browser)
    }

    /// The lease of a browser that runs; nil if there is none of that name.
    public func lease(_ id: BrowserID) -> Lease<Browser>? { driver.lease(id) }

    /// What is known of a browser, running or ended lately.
    public func record(_ id: BrowserID) -> BrowserRecord? { driver.record(id) }

    /// All leases by age, those that ended lately too if `ended` is set.
    public func records(ended: Bool = false) -> [BrowserRecord] { driver.records(ended: ended) }

    /// Ends a lease now; its clients hear `reason`. False if it had ended already or never was.
    @discardableResult
    public func end(_ id: BrowserID, _ reason: EndReason) -> Bool { driver.finish(id, reason) }

    /// Counts a client's connection; nil if the browser has ended.
    public func connect(_ id: BrowserID) -> ConnectionID? { driver.connect(id) }

    /// Counts a connection's end.
    public func disconnect(_ id: BrowserID, _ connection: ConnectionID) {
        driver.disconnect(id, connection)
    }

    /// Counts a use without a connection, such as a screenshot call.
    public func use(_ id: BrowserID) { driver.use(id) }

    // MARK: The whole

    /// What the pool looks like now.
    public func snapshot() -> PoolSnapshot { driver.snapshot }

    /// Why the pool would refuse a caller now; nil while it is ready. Also set while it does not
    /// run.
    public var unready: String? { driver.unready }

    /// Takes no new leases from now on; those that there are may run on until `timeout`, by
    /// default the drain timeout. `run()` returns after the last.
    public func drain(timeout: Duration? = nil) {
        let limit = timeout ?? driver.settings.drainTimeout
        driver.feed(.drain(by: driver.clock.now.advanced(by: limit)))
    }

    /// Ends everything now; `run()` returns when nothing is left.
    public func stop() { driver.feed(.stop) }
}

extension LeaseSettings {
    /// Whether anything has to be applied.
    var isNeeded: Bool { proxy != nil || viewport != nil }
}
