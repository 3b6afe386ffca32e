// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HummingbirdCore

extension FleetService {
    /// `GET /api/stats`.
    func stats(_ call: Call) async throws(Problem) -> Response {
        let ledger = pool.snapshot().ledger
        let ended = EndReason.allCases.map { ($0.rawValue, Int64(ledger.leasesEnded($0))) }
        var errors = metrics.errors
        // A failed launch is one error, however many callers or none were told of it.
        errors["launch-failed"] = Int64(ledger.launchFailures)
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
}
