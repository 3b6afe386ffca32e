// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import Synchronization

extension BrowserPool {
    /// How the server is, for gateways.
    ///
    /// - Parameters:
    ///   - version: of this program.
    ///   - startedAt: when the process began, in milliseconds since 1970.
    /// - Returns: the whole of it, never a difference.
    public func report(version: String, startedAt: Int64) -> ServerReport {
        let snapshot = snapshot()
        let counts = snapshot.counts
        var report = ServerReport(
            capacity: min(counts.capacity, snapshot.maxLeases), startedAt: startedAt,
            version: version)
        report.reason = unready
        report.isAccepting = report.reason == nil
        report.leased = counts.leased
        report.warm = counts.warm
        report.starting = counts.starting
        report.ending = counts.ending
        report.waiting = counts.waiting
        report.connections = counts.connections
        let sample = driver.state.withLock(\.sample)
        report.cpuPercent = sample?.processor.map { Int($0.rounded()) }
        report.memoryPercent = sample?.memory.map { Int($0.rounded()) }
        report.engine = launcher.engine.version
        return report
    }

    /// Registers what is done when the pool has room again, or no longer, or takes no more: under
    /// its lock, so it may only hand the news on. There is one listener; another takes its place.
    public func onRoomChange(_ action: @escaping @Sendable () -> Void) {
        driver.state.withLock { $0.roomListener = action }
    }
}
