// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HummingbirdCore
import NIOCore
import Synchronization

extension FleetService {
    /// `GET /metrics`: what was counted, and what is read now.
    ///
    /// No series names a browser: a browser lives for minutes, a series in Prometheus for weeks.
    /// `GET /browsers` has the figures of each.
    func metricsText(_ call: Call) async throws(Problem) -> Response {
        var text = PrometheusText()
        text.write(metrics.registry)
        writePool(to: &text)
        writeTraffic(to: &text)
        writeEngine(to: &text)
        writeProcess(to: &text)
        writeFleet(to: &text)
        text.gauge("browserfleet_uptime_seconds", Double(uptime))
        text.gauge("browserfleet_http_connections", Double(connections.total))
        text.gauge(
            "browserfleet_screenshots_in_progress", Double(rendering.load(ordering: .relaxed)))
        return .bytes(ByteBuffer(string: text.text), contentType: PrometheusText.contentType)
    }

    private func writePool(to text: inout PrometheusText) {
        let snapshot = pool.snapshot()
        let counts = snapshot.counts
        let states = [
            ("starting", counts.starting), ("warm", counts.warm), ("leased", counts.leased),
            ("ending", counts.ending),
        ]
        for (state, count) in states {
            text.gauge("browserfleet_browsers", Double(count), [("state", state)])
        }
        text.gauge("browserfleet_slots", Double(counts.capacity))
        text.gauge("browserfleet_max_leases", Double(snapshot.maxLeases))
        text.gauge("browserfleet_waiting_callers", Double(counts.waiting))
        text.gauge("browserfleet_queue_capacity", Double(pool.queueBound))
        text.gauge(
            "browserfleet_oldest_wait_seconds",
            Double((snapshot.oldestWait ?? .zero).wholeMilliseconds) / 1000)
        text.gauge("browserfleet_connections", Double(counts.connections))
        text.gauge("browserfleet_ready", unready == nil ? 1 : 0)
        text.counter("browserfleet_launches_total", Double(snapshot.ledger.launches))
        text.counter("browserfleet_quarantines_total", Double(snapshot.ledger.quarantines))
    }

    private func writeFleet(to text: inout PrometheusText) {
        guard let driver = fleet?.driver, driver.places else { return }
        var counts: [ServerStanding: Int] = [:]
        for row in driver.rows { counts[row.standing, default: 0] += 1 }
        for standing in ServerStanding.allCases {
            text.gauge(
                "browserfleet_fleet_servers", Double(counts[standing] ?? 0),
                [("status", standing.rawValue)])
        }
        text.gauge("browserfleet_fleet_waiting_callers", Double(driver.waiting))
    }

    private func writeTraffic(to text: inout PrometheusText) {
        let traffic = pool.records().compactMap { pool.lease($0.id)?.browser.traffic }
        func sum(_ figure: (BrowserTraffic) -> Int64) -> Double {
            Double(traffic.reduce(0) { $0 + figure($1) })
        }
        text.gauge("browserfleet_leased_received_bytes", sum(\.bytesIn))
        text.gauge("browserfleet_leased_sent_bytes", sum(\.bytesOut))
        text.gauge("browserfleet_leased_refused_connections", sum(\.refused))
    }

    private func writeEngine(to text: inout PrometheusText) {
        let engine = pool.launcher.engine
        text.gauge(
            "browserfleet_info", 1,
            [
                ("version", configuration.version), ("chromium", engine.version),
                ("isolation", engine.isolation.rawValue),
            ])
        text.gauge("browserfleet_sandbox", engine.sandbox ? 1 : 0)
        if let builtAt = engine.builtAt {
            text.gauge("browserfleet_chromium_build_time_seconds", Double(builtAt / 1000))
        }
    }

    private func writeProcess(to text: inout PrometheusText) {
        let figures = ProcessFigures.current()
        text.gauge("process_resident_memory_bytes", Double(ProcessMemory.current().resident))
        text.counter("process_cpu_seconds_total", figures.processorSeconds)
        if let open = figures.openDescriptors { text.gauge("process_open_fds", Double(open)) }
        let now = Double(Self.wallTime().millisecondsSince1970) / 1000
        text.gauge("process_start_time_seconds", (now - Double(uptime)).rounded())
    }
}
