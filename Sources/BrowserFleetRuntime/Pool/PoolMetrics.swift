// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Metrics

/// The pool's measurements, by the names of `GET /metrics`.
struct PoolMetrics: Sendable {
    /// Counts one answer to a caller and how long it took.
    func answered<Browser>(_ outcome: Result<Lease<Browser>, PoolError>, after wait: Duration) {
        switch outcome {
        case .success(let lease):
            Timer(
                label: "browserfleet_acquire_seconds",
                dimensions: [("start", lease.record.start.rawValue)]
            ).record(duration: wait)
            Timer(label: "browserfleet_queue_wait_seconds").record(duration: lease.record.waited)
        case .failure(let error):
            guard case .refused(let refusal) = error.code else { return }
            Counter(
                label: "browserfleet_refusals_total",
                dimensions: [("reason", refusal.reason.word)]
            ).increment()
        }
    }

    /// Counts one launch that answered.
    func launched(_ properties: LaunchProperties, after duration: Duration) {
        Timer(
            label: "browserfleet_launch_seconds",
            dimensions: [("mode", properties.headful ? "headful" : "headless")]
        ).record(duration: duration)
    }

    /// Counts one launch that failed.
    func launchFailed(_ code: LaunchError.Code) {
        Counter(
            label: "browserfleet_launch_failures_total", dimensions: [("code", "\(code)")]
        ).increment()
    }

    /// Counts one browser's end.
    func ended(_ reason: EndReason, leased: Bool) {
        Counter(
            label: "browserfleet_browsers_ended_total",
            dimensions: [("reason", reason.rawValue), ("leased", leased ? "true" : "false")]
        ).increment()
    }
}
