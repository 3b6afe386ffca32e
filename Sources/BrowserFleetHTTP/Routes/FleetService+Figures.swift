// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HummingbirdCore
import NIOCore
import Synchronization

extension FleetService {
    /// `GET /api/stats`.
    func stats(_ call: Call) async throws(Problem) -> Response {
        let ledger = pool.snapshot().ledger
        let ended = EndReason.allCases.map { ($0.rawValue, Int64(ledger.leasesEnded($0))) }
        var errors = metrics.errors
        errors["launch-failed", default: 0] += Int64(ledger.launchFailures)
        errors.merge(metrics.proxyErrors, uniquingKeysWith: +)
        errors = errors.filter { $0.value > 0 }
        let latencies = [
            "acquire": "browserfleet_acquire_seconds", "launch": "browserfleet_launch_seconds",
            "queueWait": "browserfleet_queue_wait_seconds",
            "roundTrip": "browserfleet_cdp_round_trip_seconds",
            "screenshot": "browserfleet_render_seconds",
        ].mapValues { metrics.latency($0) }
        return try .json(
            StatsResponse(
                uptime: uptime, created: Int64(ledger.granted),
                warmStarts: Int64(ledger.grantedWarm), coldStarts: Int64(ledger.grantedCold),
                ended: Dictionary(uniqueKeysWithValues: ended), errors: errors,
                connections: metrics.socketsOpened, latencies: latencies))
    }

    /// `GET /limits`.
    func limits(_ call: Call) async throws(Problem) -> Response {
        let usage = accounts.usage(call.caller)
        let counts = pool.snapshot().counts
        return try .json(
            LimitsResponse(
                key: call.caller.name, browsers: usage.concurrentBrowsers,
                maxBrowsers: usage.limits.concurrentBrowsers,
                createsPerMinute: usage.limits.createsPerMinute, createsLeft: usage.createsLeft,
                nextCreateInMs: usage.refusal?.retryAfter?.wholeMilliseconds ?? 0,
                maxPriority: RequestPriority(usage.limits.priorityCap ?? .high),
                available: max(0, counts.available), waiting: counts.waiting))
    }

    /// `GET /metrics`.
    func metricsText(_ call: Call) async throws(Problem) -> Response {
        var text = PrometheusText()
        text.write(metrics.registry)
        writePool(to: &text)
        writeBrowsers(to: &text)
        let engine = pool.launcher.engine
        text.gauge(
            "browserfleet_info", 1,
            [("version", configuration.version), ("chromium", engine.version)])
        text.gauge("browserfleet_uptime_seconds", Double(uptime))
        text.gauge("browserfleet_http_connections", Double(connections.total))
        text.gauge(
            "browserfleet_screenshots_in_progress", Double(rendering.load(ordering: .relaxed)))
        text.gauge(
            "process_resident_memory_bytes", Double(ProcessMemory.current().resident))
        return .bytes(ByteBuffer(string: text.text), contentType: PrometheusText.contentType)
    }

    private func writePool(to text: inout PrometheusText) {
        let counts = pool.snapshot().counts
        let states = [
            ("starting", counts.starting), ("warm", counts.warm), ("leased", counts.leased),
            ("ending", counts.ending),
        ]
        for (state, count) in states {
            text.gauge("browserfleet_browsers", Double(count), [("state", state)])
        }
        text.gauge("browserfleet_slots", Double(counts.capacity))
        text.gauge("browserfleet_waiting_callers", Double(counts.waiting))
        text.gauge("browserfleet_connections", Double(counts.connections))
        text.gauge("browserfleet_ready", pool.unready == nil ? 1 : 0)
    }

    private func writeBrowsers(to text: inout PrometheusText) {
        let leases = pool.records().compactMap { pool.lease($0.id) }
        let traffic = leases.map { ([("browser", $0.id.text)], $0.browser.traffic) }
        for (labels, bytes) in traffic {
            text.gauge("browserfleet_browser_received_bytes", Double(bytes.bytesIn), labels)
        }
        for (labels, bytes) in traffic {
            text.gauge("browserfleet_browser_sent_bytes", Double(bytes.bytesOut), labels)
        }
        for (labels, bytes) in traffic {
            text.gauge("browserfleet_browser_refused_connections", Double(bytes.refused), labels)
        }
    }
}
