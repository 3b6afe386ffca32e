// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Logging
import Synchronization
import Testing

/// A pool of fakes, without noise and without pressure.
func makePool(
    _ configuration: PoolConfiguration, clock: any FleetClock = MonotonicClock(),
    settings: PoolSettings = PoolSettings(),
    script: @escaping FakeLauncher.Script = { _, _ in .succeeds() }
) -> BrowserPool<FakeLauncher> {
    BrowserPool(
        configuration: configuration, settings: settings,
        launcher: FakeLauncher(clock: clock, script: script), clock: clock,
        pressure: NoPressure(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

@Suite("A browser pool", .timeLimit(.minutes(1)))
struct BrowserPoolTests {
    @Test("a caller gets a browser, and nothing is left when the scope ends")
    func acquireAndLeave() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 2, warmHeadless: 1))
        try await pool.run { pool in
            let lease = try await pool.acquire()
            #expect(lease.record.owner == "local")
            #expect(lease.id.description.hasPrefix("localhost_"))
            #expect(pool.records().map(\.id) == [lease.id])
        }
        #expect(pool.launcher.live.isEmpty)
        #expect(pool.records().isEmpty)
    }

    @Test("a browser is never given to a second caller")
    func neverReused() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 1, warmHeadless: 0))
        try await pool.run { pool in
            let first = try await pool.acquire()
            pool.end(first.id, .deleted)
            let second = try await pool.acquire()
            #expect(first.browser !== second.browser)
            #expect(first.browser.endReason == .deleted)
        }
        #expect(pool.launcher.launches == 2)
    }

    @Test("an ended browser is remembered with its reason")
    func tombstone() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 1))
        try await pool.run { pool in
            let lease = try await pool.acquire(AcquireRequest(metadata: ["run": "7"]))
            #expect(pool.end(lease.id, .deleted))
            #expect(!pool.end(lease.id, .deleted))
            #expect(pool.lease(lease.id) == nil)
            let record = try #require(pool.record(lease.id))
            #expect(record.end?.reason == .deleted)
            #expect(record.metadata == ["run": "7"])
        }
    }

    @Test("a crash ends the lease as crashed and the slot serves the next caller")
    func crash() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 1, warmHeadless: 0))
        try await pool.run { pool in
            let lease = try await pool.acquire()
            lease.browser.crash()
            _ = try await pool.acquire()
            #expect(pool.record(lease.id)?.end?.reason == .crashed)
        }
    }

    @Test("a caller that is cancelled while it waits gets no browser, and none is left with nobody")
    func cancelledCaller() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 1, warmHeadless: 0))
        try await pool.run { pool in
            let held = try await pool.acquire()
            let waiting = Task { try await pool.acquire() }
            while pool.snapshot().counts.waiting == 0 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: PoolError.self) { try await waiting.value }
            pool.end(held.id, .deleted)
            let next = try await pool.acquire()
            #expect(pool.records().map(\.id) == [next.id])
        }
    }

    @Test("a failed launch is told with its remedy when nobody can be served")
    func failedLaunch() async throws {
        let missing = LaunchError(
            .engineMissing, "There is no Chromium.", remedy: "apt-get install chromium")
        let clock = ManualClock()
        let pool = makePool(PoolConfiguration(maxBrowsers: 1, warmHeadless: 0), clock: clock) {
            _, _ in .fails(missing)
        }
        try await pool.run { pool in
            let waiting = Task { try await pool.acquire() }
            let ticking = Task {
                while !Task.isCancelled {
                    clock.advance(by: .milliseconds(100))
                    await Task.yield()
                }
            }
            let error = await #expect(throws: PoolError.self) { try await waiting.value }
            ticking.cancel()
            #expect(error?.launchError == missing)
        }
    }

    @Test("a pool that does not run refuses at once")
    func notRunning() async {
        let pool = makePool(PoolConfiguration(maxBrowsers: 1))
        await #expect(throws: PoolError.self) { try await pool.acquire() }
        #expect(pool.unready == "not-running")
    }

    @Test("draining refuses newcomers, lets leases finish and then returns")
    func drain() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 2))
        let running = Task { try await pool.run() }
        while pool.unready != nil { await Task.yield() }
        let lease = try await pool.acquire()
        pool.drain()
        #expect(pool.unready == "draining")
        await #expect(throws: PoolError.self) { try await pool.acquire() }
        #expect(pool.lease(lease.id) != nil)
        pool.end(lease.id, .deleted)
        try await running.value
        #expect(pool.launcher.live.isEmpty)
    }

    @Test("an idle lease ends as idle, one with traffic lives on")
    func idle() async throws {
        let clock = ManualClock()
        let configuration = PoolConfiguration(
            maxBrowsers: 1, warmHeadless: 0, idleTimeout: TimeoutRule(.seconds(60)),
            connectTimeout: TimeoutRule(.seconds(600)))
        let pool = makePool(configuration, clock: clock)
        try await pool.run { pool in
            let lease = try await pool.acquire()
            pool.use(lease.id)
            while pool.record(lease.id)?.end == nil {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
            #expect(pool.record(lease.id)?.end?.reason == .idle)
        }
    }

    @Test("settings of the lease reach the browser before the caller does")
    func prepared() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 1))
        try await pool.run { pool in
            let viewport = Viewport(width: 800, height: 600)
            let lease = try await pool.acquire(
                AcquireRequest(settings: LeaseSettings(viewport: viewport)))
            #expect(lease.browser.prepared?.viewport == viewport)
            #expect(lease.record.viewport == viewport)
        }
    }

    @Test("a browser over its memory limit ends for that reason")
    func memoryLimit() async throws {
        let clock = ManualClock()
        let pool = makePool(
            PoolConfiguration(maxBrowsers: 1, warmHeadless: 0, memoryLimit: 100 << 20),
            clock: clock)
        try await pool.run { pool in
            let lease = try await pool.acquire()
            lease.browser.setMemory(200 << 20)
            while pool.record(lease.id)?.end == nil {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
            #expect(pool.record(lease.id)?.end?.reason == .memoryLimit)
        }
    }

    @Test("a browser that grows fast is ended before the next regular reading")
    func fastGrowth() async throws {
        let machine = ShrinkingMachine()
        let pool = BrowserPool(
            configuration: PoolConfiguration(
                maxBrowsers: 1, warmHeadless: 0, memoryLimit: 100 << 20),
            settings: PoolSettings(
                memoryInterval: .seconds(3600), memoryGlance: .milliseconds(1)),
            launcher: FakeLauncher(), pressure: machine,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await pool.run { pool in
            let lease = try await pool.acquire()
            lease.browser.setMemory(200 << 20)
            machine.shrink(by: 200 << 20)
            while pool.record(lease.id)?.end == nil { await Task.yield() }
            #expect(pool.record(lease.id)?.end?.reason == .memoryLimit)
        }
    }

    @Test("what no launch accepts is refused at once, even where everybody waits")
    func unacceptable() async throws {
        let pool = BrowserPool(
            configuration: PoolConfiguration(maxBrowsers: 1, warmHeadless: 0),
            launcher: PickyLauncher(), pressure: NoPressure(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await pool.run { pool in
            _ = try await pool.acquire()
            let wish = LaunchProperties(arguments: ["--no-sandbox"])
            let error = await #expect(throws: PoolError.self) {
                try await pool.acquire(AcquireRequest(properties: wish))
            }
            #expect(error?.code == .unacceptable(PickyLauncher.refusal))
            #expect(pool.snapshot().ledger.requested == 1)
        }
    }

    @Test("many callers at once each get a browser of their own")
    func manyCallers() async throws {
        let pool = makePool(PoolConfiguration(maxBrowsers: 4))
        try await pool.run { pool in
            try await withThrowingTaskGroup(of: BrowserID.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let lease = try await pool.acquire()
                        pool.end(lease.id, .deleted)
                        return lease.id
                    }
                }
                var ids: Set<BrowserID> = []
                for try await id in group { ids.insert(id) }
                #expect(ids.count == 40)
            }
        }
        #expect(pool.launcher.live.isEmpty)
    }
}

/// A machine whose memory a test takes away.
private final class ShrinkingMachine: PressureReader {
    private let left = Atomic<Int64>(8 << 30)

    var availableMemory: Int64? { left.load(ordering: .relaxed) }

    func sample() -> PressureSample { PressureSample(host: .init()) }

    func shrink(by bytes: Int64) { left.subtract(bytes, ordering: .relaxed) }
}

/// Fakes that are never started with arguments.
private struct PickyLauncher: BrowserLauncher {
    static let refusal = LaunchError(.invalidArgument, "No arguments.", remedy: "Leave them out.")

    let fakes = FakeLauncher()

    var engine: EngineDescription { fakes.engine }

    func check(_ properties: LaunchProperties) throws(LaunchError) {
        guard properties.arguments.isEmpty else { throw Self.refusal }
    }

    func launch(_ request: LaunchRequest) async throws(LaunchError) -> FakeBrowser {
        try await fakes.launch(request)
    }

    func sweep(keeping owned: Set<SlotID>) async -> SweepReport { SweepReport() }
}
