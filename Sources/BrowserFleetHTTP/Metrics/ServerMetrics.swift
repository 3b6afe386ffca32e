// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Synchronization

/// What the HTTP layer counts.
final class ServerMetrics: Sendable {
    let registry: PrometheusRegistry
    private let problems = Mutex<[ProblemCode: Int64]>([:])
    private let openedSockets: CounterSeries
    let roundTrip: HistogramSeries
    let screenshots: HistogramSeries

    init(registry: PrometheusRegistry) {
        self.registry = registry
        openedSockets = registry.counter("browserfleet_sockets_opened_total")
        roundTrip = registry.histogram("browserfleet_cdp_round_trip_seconds")
        screenshots = registry.histogram("browserfleet_render_seconds")
    }

    /// Counts an answer.
    func answered(_ method: String, _ status: Int) {
        registry.counter(
            "browserfleet_http_requests_total",
            [("method", method), ("status", "\(status)")]
        ).increment(by: Int64(1))
    }

    /// Counts an error answer.
    func refused(_ code: ProblemCode) {
        problems.withLock { $0[code, default: 0] += 1 }
        registry.counter("browserfleet_problems_total", [("code", code.rawValue)])
            .increment(by: Int64(1))
    }

    /// Counts a create call that went to the servers of the fleet, and the tries it took.
    func placed(_ outcome: String, attempts: [String]) {
        registry.counter("browserfleet_placed_creates_total", [("outcome", outcome)])
            .increment(by: Int64(1))
        for attempt in attempts {
            registry.counter("browserfleet_create_attempts_total", [("outcome", attempt)])
                .increment(by: Int64(1))
        }
    }

    /// Counts a WebSocket.
    func socketOpened() { openedSockets.increment(by: Int64(1)) }

    /// Counts a WebSocket that we closed.
    func socketClosed(_ closure: WebSocketClosure) {
        registry.counter(
            "browserfleet_sockets_closed_total",
            [("code", "\(closure.code)"), ("reason", closure.reason)]
        ).increment(by: Int64(1))
    }

    /// WebSockets opened so far.
    var socketsOpened: Int64 { Int64(openedSockets.value) }

    /// Error answers by code.
    var errors: [String: Int64] {
        problems.withLock { problems in
            Dictionary(uniqueKeysWithValues: problems.map { ($0.key.rawValue, $0.value) })
        }
    }

    /// What clients' upstream proxies failed in, as the launcher's relays count it.
    var proxyErrors: [String: Int64] {
        registry.counts(of: "browserfleet_egress_failed_total", by: "reason")
            .filter { $0.key.hasPrefix("proxy-") }
    }

    /// Percentiles of a histogram's last values.
    func latency(_ name: String) -> StatsResponse.Latency {
        let (count, values) = registry.recentValues(of: name)
        let sorted = values.sorted()
        func percentile(_ share: Double) -> Double {
            guard !sorted.isEmpty else { return 0 }
            let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
            let milliseconds = sorted[max(0, min(rank, sorted.count - 1))] * 1000
            return (milliseconds * 1000).rounded() / 1000
        }
        return StatsResponse.Latency(
            count: Int64(count), p50Ms: percentile(0.5), p95Ms: percentile(0.95),
            p99Ms: percentile(0.99))
    }
}
