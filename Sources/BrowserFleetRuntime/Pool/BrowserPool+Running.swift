// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
import ServiceLifecycle
import Synchronization

extension BrowserPool {
    /// Runs the pool until it was drained or stopped, and returns when nothing of it is left.
    ///
    /// A graceful shutdown drains; cancelling the task ends every browser at once. Call it once.
    public func run() async throws {
        driver.start()
        // The work goes on through a cancellation, because destroying browsers takes awaiting.
        let work = Task { await operate() }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await work.value
            } onGracefulShutdown: {
                self.drain()
            }
        } onCancel: {
            self.stop()
        }
    }

    /// Runs the pool around `body`: nothing of it survives the call.
    ///
    /// - Parameter body: uses the pool.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws.
    public func run<Value: Sendable>(
        _ body: @Sendable (BrowserPool) async throws -> Value
    ) async throws -> Value {
        driver.start()
        let work = Task { await operate() }
        do {
            let value = try await body(self)
            stop()
            await work.value
            return value
        } catch {
            stop()
            await work.value
            throw error
        }
    }

    private func operate() async {
        let swept = await launcher.sweep(keeping: [])
        report(swept)
        await withDiscardingTaskGroup { group in
            group.addTask { await self.sweepRegularly() }
            group.addTask { await self.readPressure() }
            group.addTask { await self.readMemory() }
            for await effect in driver.effects {
                group.addTask { await self.work(off: effect) }
            }
            group.cancelAll()
        }
        driver.stopped()
    }

    private func work(off effect: PoolDriver<Launcher>.Effect) async {
        switch effect {
        case .launch(let slot, let properties):
            await driver.launch(slot, properties, with: launcher)
        case .end(let slot, let reason): await driver.end(slot, reason)
        case .probeActivity(let lease): driver.probeActivity(lease)
        case .sleep(let deadline):
            guard (try? await driver.clock.sleep(until: deadline)) != nil else { return }
            driver.woke(deadline)
        }
    }

    private func sweepRegularly() async {
        while await pause(driver.settings.sweepInterval) {
            report(await launcher.sweep(keeping: driver.ownedSlots))
        }
    }

    private func report(_ swept: SweepReport) {
        guard swept != SweepReport() else { return }
        driver.metrics.swept(swept)
        driver.logger.notice(
            "removed what no slot owned",
            metadata: ["processes": "\(swept.processes)", "folders": "\(swept.folders)"])
    }

    private func readPressure() async {
        repeat {
            let sample = pressure.sample()
            driver.metrics.sampled(sample)
            driver.state.withLock { $0.sample = sample }
            driver.feed(.sampled(sample))
        } while await pause(driver.settings.pressureInterval)
    }

    private func readMemory() async {
        var watch = MemoryWatch(
            interval: driver.settings.memoryInterval, limit: driver.memoryLimit)
        while await pause(driver.settings.memoryGlance) {
            guard watch.isDue(available: pressure.availableMemory, at: driver.clock.now)
            else { continue }
            for (slot, browser) in driver.leasedBrowsers {
                guard let use = await browser.resources() else { continue }
                driver.feed(.memory(slot, bytes: use.memory))
            }
        }
    }

    /// Sleeps; false when the pool ends meanwhile.
    private func pause(_ duration: Duration) async -> Bool {
        let wake = driver.clock.now.advanced(by: duration)
        return (try? await driver.clock.sleep(until: wake)) != nil
    }
}
